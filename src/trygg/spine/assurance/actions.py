"""Ledger actions of the assurance case."""

from trygg.kernel.ledger import register_action

register_action("assurance.status_changed", en="The case changed. Claims with another status: {count}", sv="Läget ändrades. Påståenden med ny status: {count}")
register_action("assurance.evidence_added", en="Added evidence: {kind}", sv="Lade till underlag: {kind}")
register_action("assurance.evidence_withdrawn", en="Withdrew evidence", sv="Drog tillbaka underlag")
register_action("assurance.documents_added", en="Uploaded {count} documents written before", sv="Laddade upp {count} tidigare skrivna dokument")
register_action("assurance.document_attached", en="Attached a document to {count} claims", sv="Knöt ett dokument till {count} påståenden")
register_action("assurance.document_detached", en="Took a document away from {count} claims", sv="Tog bort ett dokument från {count} påståenden")
register_action("assurance.document_removed", en="Took away a document that was attached nowhere", sv="Tog bort ett dokument som inte var knutet till något")
register_action("assurance.claim_contested", en="Contested a claim", sv="Ifrågasatte ett påstående")
register_action("assurance.contest_settled", en="Settled an objection", sv="Redde ut en invändning")
register_action("assurance.claim_assigned", en="Gave a claim an owner", sv="Gav ett påstående en ansvarig")
register_action("assurance.condition_added", en="A condition became a claim", sv="Ett villkor blev ett påstående")
register_action("assurance.snapshot_made", en="Froze the case as snapshot {number}", sv="Fryste läget som underlag {number}")
register_action("assurance.cases_recomputed", en="Worked out {count} cases anew", sv="Räknade om {count} ärenden")
