"""Ledger actions of the public register. Each is about the matter, so that its history shows them; `hash` binds the content."""

from trygg.kernel.ledger import register_action

register_action(
    "publication.entry_drafted",
    en="Wrote version {number} for the public register",
    sv="Skrev version {number} till det öppna registret",
)
register_action(
    "publication.approval_asked",
    en="Asked for approval of version {number}",
    sv="Bad om godkännande av version {number}",
)
register_action(
    "publication.draft_returned",
    en="Sent version {number} back for correction",
    sv="Skickade tillbaka version {number} för rättning",
)
register_action(
    "publication.entry_approved",
    en="Approved version {number} for the public register",
    sv="Godkände version {number} till det öppna registret",
)
register_action(
    "publication.entry_published",
    en="Published version {number} in the public register",
    sv="Publicerade version {number} i det öppna registret",
)
register_action(
    "publication.case_file_read",
    en="Read another municipality's case from a file, to start from",
    sv="Läste in en annan kommuns ärende från en fil, för att utgå från",
)
register_action(
    "publication.entry_retracted",
    en="Retracted version {number} from the public register",
    sv="Drog tillbaka version {number} från det öppna registret",
)
