"""A small transparency log: RFC 6962/9162 Merkle tree, C2SP tiles, checkpoints and cosignatures, erasable details, offline proof.

A library of its own: it stores nothing and knows no framework. See the modules for what each returns and where it comes from.
"""

from trygg.engines.translog.export import verify_export
from trygg.engines.translog.findings import Finding, Findings, Kind
from trygg.engines.translog.merkle import (
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)
from trygg.engines.translog.notes import Checkpoint, PublicKey, Signer

__all__ = [
    "Checkpoint",
    "Finding",
    "Findings",
    "Kind",
    "PublicKey",
    "Signer",
    "consistency_proof",
    "inclusion_proof",
    "leaf_hash",
    "verify_consistency",
    "verify_export",
    "verify_inclusion",
]
