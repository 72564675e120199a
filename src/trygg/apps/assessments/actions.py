"""Ledger actions of assessments and their wording."""

from trygg.kernel.ledger import register_action

register_action(
    "assessments.assessment_started", en="Assessment {instrument} was started", sv="Bedömningen {instrument} påbörjades"
)
register_action(
    "assessments.begun_from_case",
    en="{instrument} was begun with {answers} answers of another's published case, none of them confirmed yet",
    sv="{instrument} påbörjades med {answers} svar ur en annans publicerade ärende, inget av dem bekräftat än",
)
register_action(
    "assessments.section_assigned",
    en="Section {section} was given to someone to answer",
    sv="Avsnittet {section} fick någon som svarar",
)
register_action(
    "assessments.section_saved", en="Section {section} was saved ({state})", sv="Avsnittet {section} sparades ({state})"
)
register_action(
    "assessments.answers_chosen",
    en="Someone chose between two answers to {item}",
    sv="Någon valde mellan två svar på {item}",
)
register_action(
    "assessments.depth_changed",
    en="How much is asked was changed from {was} to {depth}",
    sv="Hur mycket som frågas ändrades från {was} till {depth}",
)
register_action("assessments.comment_made", en="Someone commented on {item}", sv="Någon kommenterade {item}")
register_action(
    "assessments.comment_resolved",
    en="A comment on {item} was marked as dealt with",
    sv="En kommentar till {item} markerades som klar",
)
register_action("assessments.file_attached", en="Evidence was added to {item}", sv="Underlag lades till {item}")
register_action(
    "assessments.file_removed", en="Evidence was taken away from {item}", sv="Underlag togs bort från {item}"
)
register_action(
    "assessments.signed_off", en="An organisation signed its sections", sv="En organisation undertecknade sina avsnitt"
)
register_action(
    "assessments.sign_off_withdrawn",
    en="An organisation took back its signature",
    sv="En organisation tog tillbaka sin underskrift",
)
register_action(
    "assessments.assessment_locked",
    en="The assessment was locked, revision {revision}",
    sv="Bedömningen låstes, version {revision}",
)
register_action(
    "assessments.assessment_reopened",
    en="The assessment was taken up again as revision {revision}",
    sv="Bedömningen togs upp igen som version {revision}",
)
register_action(
    "assessments.entry_added",
    en="Something more to answer for was added to section {section} (number {entry})",
    sv="Något mer att svara om lades till i avsnittet {section} (nummer {entry})",
)
register_action(
    "assessments.entry_named",
    en="Number {entry} of section {section} got another name",
    sv="Nummer {entry} i avsnittet {section} fick ett annat namn",
)
register_action(
    "assessments.entry_removed",
    en="Number {entry} of section {section} was taken away, with {answers} answers kept",
    sv="Nummer {entry} i avsnittet {section} togs bort, med {answers} svar kvar att läsa",
)
register_action(
    "assessments.assessment_upgraded",
    en="The assessment goes on as revision {revision}, on version {version} of the questions instead of {was}",
    sv="Bedömningen fortsätter som version {revision}, på version {version} av frågorna i stället för {was}",
)
register_action(
    "assessments.upgrade_undone",
    en="The move to version {version} of the questions was taken back",
    sv="Flytten till version {version} av frågorna togs tillbaka",
)
register_action(
    "assessments.obligation_made",
    en="The level that was reached asks something of the {role} ({key})",
    sv="Nivån som nåddes kräver något av {role} ({key})",
)
register_action(
    "assessments.obligation_lapsed",
    en="What was asked no longer holds, since revision {revision} ({key})",
    sv="Det som krävdes gäller inte längre, sedan version {revision} ({key})",
)
register_action(
    "assessments.obligation_fulfilled",
    en="What the level asked is done ({key})",
    sv="Det som nivån krävde är gjort ({key})",
)
register_action(
    "assessments.escalated",
    en="An answer to {key} is to be taken further by the {role}",
    sv="Ett svar på {key} ska föras vidare av {role}",
)
register_action(
    "assessments.escalated_lapsed",
    en="The answer to {key} is no longer to be taken further",
    sv="Svaret på {key} ska inte längre föras vidare",
)
register_action(
    "assessments.escalated_fulfilled",
    en="The overseer has looked into the answer to {key}",
    sv="Den som har tillsyn har sett till svaret på {key}",
)
register_action(
    "assessments.phase_begun",
    en="The phase {phase} of the assessment began, as revision {revision}",
    sv="Bedömningens fas {phase} började, som version {revision}",
)
register_action(
    "assessments.second_reader_asked",
    en="Someone was asked to answer the same questions alone",
    sv="Någon ombads svara på samma frågor på egen hand",
)
register_action(
    "assessments.second_reading_done",
    en="The second reader was done",
    sv="Den andra läsaren var klar",
)
register_action(
    "assessments.second_reading_withdrawn",
    en="The request to a second reader was taken back",
    sv="Förfrågan till en andra läsare togs tillbaka",
)
register_action(
    "assessments.difference_settled",
    en="A difference between two readers on {item} was dealt with ({choice})",
    sv="En skillnad mellan två läsare om {item} hanterades ({choice})",
)
