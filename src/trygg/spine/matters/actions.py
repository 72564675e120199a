"""Ledger actions of systems and matters."""

from trygg.kernel.ledger import register_action
from trygg.spine.matters.models import Matter, Share

register_action("matters.system_added", en="Added a system", sv="Lade till ett system")
register_action("matters.system_edited", en="Changed a system's record", sv="Ändrade uppgifter om ett system")
register_action("matters.vendor_linked", en="Said whose product a system is", sv="Angav vems produkt ett system är")
register_action("matters.component_added", en="Said that a system contains another", sv="Angav att ett system ingår i ett annat")
register_action("matters.version_announced", en="Announced version {version} of a system", sv="Meddelade version {version} av ett system")
register_action("matters.matter_created", en="Opened a matter", sv="Öppnade ett ärende")
register_action("matters.matters_opened", en="Opened {count} matters as one act", sv="Öppnade {count} ärenden på en gång")
register_action(
    "matters.opening_undone",
    en="Took {deleted} matters back that were opened as one act",
    sv="Tog tillbaka {deleted} ärenden som öppnats på en gång",
)
register_action("matters.matter_edited", en="Changed what stands about a matter", sv="Ändrade uppgifter om ett ärende")
register_action("matters.facts_answered", en="Answered {count} of the questions that decide the rules", sv="Besvarade {count} av frågorna som avgör reglerna")
register_action(
    "matters.stage_set",
    en="Moved a matter to stage: {stage}",
    sv="Flyttade ett ärende till skedet: {stage}",
    values={"stage": dict(Matter.Stage.choices)},
)
register_action("matters.matter_paused", en="Paused a matter", sv="Pausade ett ärende")
register_action("matters.matter_resumed", en="Took up a paused matter", sv="Återupptog ett pausat ärende")
register_action(
    "matters.matter_shared",
    en="Shared a matter ({level})",
    sv="Delade ett ärende ({level})",
    values={"level": dict(Share.Level.choices)},
)
register_action("matters.share_ended", en="Ended a share", sv="Avslutade en delning")
register_action("matters.import_begun", en="Began to read a register file", sv="Började läsa en registerfil")
register_action("matters.import_mapped", en="Chose columns for an import", sv="Valde kolumner för en import")
register_action("matters.import_staged", en="Read {rows} rows of a register file", sv="Läste {rows} rader ur en registerfil")
register_action("matters.import_failed", en="Could not read a register file: {reason}", sv="Kunde inte läsa en registerfil: {reason}")
register_action("matters.import_match_chosen", en="Chose what row {row} of an import is", sv="Valde vad rad {row} i en import är")
register_action("matters.import_compared", en="Compared an import with the register again", sv="Jämförde en import med registret igen")
register_action(
    "matters.import_applied",
    en="Imported {created} new and {updated} changed systems",
    sv="Importerade {created} nya och {updated} ändrade system",
)
register_action("matters.import_undone", en="Undid an import", sv="Ångrade en import")
register_action("matters.import_discarded", en="Discarded a staged import", sv="Kastade en inläst import")
