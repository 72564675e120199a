"""Ledger actions of archives."""

from trygg.kernel.ledger import register_action

register_action("archive.export_asked", en="Asked for the organisation's archive", sv="Beställde organisationens arkiv")
register_action("archive.export_written", en="Wrote the organisation's archive", sv="Skrev organisationens arkiv")
register_action("archive.export_failed", en="Could not write the organisation's archive", sv="Kunde inte skriva organisationens arkiv")
register_action("archive.export_cancelled", en="Cancelled the organisation's archive", sv="Avbröt organisationens arkiv")
register_action("archive.export_fetched", en="Fetched the organisation's archive", sv="Hämtade organisationens arkiv")
register_action("archive.exports_deleted", en="Deleted archives whose time was over", sv="Raderade arkiv vars tid var ute")
register_action("archive.organisation_arrived", en="Took in an organisation from an archive", sv="Tog emot en organisation ur ett arkiv")
register_action("archive.arrival_taken_back", en="Took back the import of an organisation", sv="Tog tillbaka importen av en organisation")
