"""Ledger actions of dossiers and of answers that are taken over, and their wording."""

from trygg.kernel.ledger import register_action

register_action("assessments.dossier_begun", en="A dossier of a product was begun", sv="Produktunderlag påbörjades")
register_action(
    "assessments.dossier_named",
    en="A dossier was connected with another name of the product",
    sv="Ett produktunderlag kopplades till ännu ett namn på produkten",
)
register_action("assessments.dossier_saved", en="The draft of a dossier was saved", sv="Utkastet till ett produktunderlag sparades")
register_action(
    "assessments.dossier_text_chosen",
    en="Someone chose between two texts for {item} in a dossier",
    sv="Någon valde mellan två texter för {item} i ett produktunderlag",
)
register_action(
    "assessments.dossier_file_attached", en="A file was added to {item} in a dossier", sv="En fil lades till {item} i ett produktunderlag"
)
register_action(
    "assessments.dossier_file_removed", en="A file was taken away from {item} in a dossier", sv="En fil togs bort från {item} i ett produktunderlag"
)
register_action(
    "assessments.dossier_entry_added",
    en="Something more to answer for was added to section {section} of a dossier (number {entry})",
    sv="Något mer att svara om lades till i avsnittet {section} i ett produktunderlag (nummer {entry})",
)
register_action(
    "assessments.dossier_entry_removed",
    en="Number {entry} of section {section} was taken away from a dossier",
    sv="Nummer {entry} i avsnittet {section} togs bort ur ett produktunderlag",
)
register_action(
    "assessments.dossier_upgraded",
    en="A dossier goes on with version {version} of the questions instead of {was}",
    sv="Ett produktunderlag fortsätter med version {version} av frågorna i stället för {was}",
)
register_action(
    "assessments.dossier_published",
    en="Version {number} of a dossier was published, about version {system_version} of the product",
    sv="Version {number} av ett produktunderlag publicerades, om produktens version {system_version}",
)
register_action(
    "assessments.dossier_withdrawn", en="Version {number} of a dossier was withdrawn", sv="Version {number} av ett produktunderlag drogs tillbaka"
)
register_action(
    "assessments.dossier_renewed",
    en="The vendor changed its dossier (version {number}); {changed} answers that were taken over are no longer what it says",
    sv="Leverantören ändrade sitt underlag (version {number}); {changed} svar som togs över stämmer inte längre med det",
)
register_action(
    "assessments.dossier_reviewed",
    en="What the vendor changed was looked through: {kept} answers kept, {taken} taken over anew",
    sv="Leverantörens ändringar gicks igenom: {kept} svar behölls, {taken} togs över på nytt",
)
register_action(
    "assessments.answers_taken_over",
    en="{count} answers that existed already were taken over; {look} of them are to be looked through",
    sv="{count} svar som redan fanns togs över; {look} av dem ska gås igenom",
)
register_action(
    "assessments.taking_undone", en="{count} answers that were taken over were taken back", sv="{count} svar som togs över togs tillbaka"
)
