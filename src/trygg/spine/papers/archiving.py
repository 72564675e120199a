"""How papers travel: proposed decisions with their matters, Word templates with their organisation."""

from trygg.kernel.archive.registry import register
from trygg.spine.papers.models import ProposedDecision, WordTemplate


def register_archive() -> None:
    register(ProposedDecision, owner="matter__owner", key=("matter",))
    register(WordTemplate, owner="organisation", key=("organisation", "paper", "language", "uploaded_at"))
