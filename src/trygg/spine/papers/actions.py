"""Ledger actions of papers."""

from trygg.kernel.ledger import register_action

register_action("papers.decision_proposed", en="Wrote the proposed decision", sv="Skrev förslaget till beslut")
register_action(
    "papers.template_kept", en="Uploaded a Word template of the organisation's own ({paper}, {language})",
    sv="Laddade upp en egen Word-mall ({paper}, {language})",
)  # fmt: skip
register_action(
    "papers.template_restored", en="Went back to the standard Word template ({paper}, {language})",
    sv="Gick tillbaka till standardmallen i Word ({paper}, {language})",
)  # fmt: skip
