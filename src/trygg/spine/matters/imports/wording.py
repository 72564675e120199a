"""Words for what the engine says in codes, in the language of the reader. The texts are the engine's own, so that they translate.

A message that the engine has and this table has not is shown in English; a test keeps the tables equal.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from trygg.engines.records import ReadError

READ = {
    "file_missing": _("{file} could not be opened: {detail}. Check that the file exists and may be read."),
    "file_changed": _("{file} changed while it was being read. Start again with a file that nobody is editing."),
    "too_large": _("{file} is {size} bytes; a {format} file may be at most {limit} bytes. Split it and import the parts."),
    "empty": _("{file} has no rows. Check that you chose the right file and that it was saved."),
    "no_rows": _("{file} has column names but no rows below them. Check that the export was complete."),
    "binary": _("{file} is not a text file (a NUL byte at or after position {position}). Save it as CSV UTF-8, XLSX or JSON."),
    "old_excel": _("{file} is an old Excel file (.xls) or has a password. Save it as .xlsx without a password."),
    "pdf": _("{file} is a PDF. Ask for the table behind it, as CSV, XLSX or JSON."),
    "html": _("{file} is a web page, not a table. Download the file itself rather than the page that shows it."),
    "compressed": _("{file} is a packed file ({kind}). Unpack it and import the file inside."),
    "unknown_encoding": _("{encoding!r} is not a text encoding that can be read. Choose one of {choices}."),
    "cannot_decode": _("{file}, byte {position}: the text is not {encoding}. Choose another encoding, or save as UTF-8."),
    "truncated": _("{file} seems cut off at row {row}: {detail}. Download or save it again."),
    "one_column": _(
        "{file} was read with {delimiter} between columns and then has only one column, {column!r}. Columns must "
        "be separated by comma, semicolon, tab or pipe; choose the right one{hint}."
    ),
    "unknown_delimiter": _("{delimiter!r} is no delimiter. Choose one of {choices}."),
    "ragged": _(
        "{file}, row {row}{line}: {found} columns where the header has {expected}; {where}, value {value!r}. "
        "Often a {delimiter} or a line break stands in a text without quotes around it. Mend the row and save "
        "again."
    ),
    "bad_quotes": _(
        "{file}, row {row}, near line {line}: the quotes do not add up ({detail}). A quote inside a text must be "
        "doubled, and the text must have quotes around it."
    ),
    "cell_too_long": _(
        "{file}, row {row}, near line {line}: a value is longer than {limit} characters. Often a quote was opened "
        'and never closed: look for a single " from there on.'
    ),
    "duplicate_column": _("{file}: two columns are called {column!r} (columns {first} and {second}). Rename one of them."),
    "too_many_columns": _("{file} has {found} columns; at most {limit} can be read. Remove those that are not needed."),
    "too_many_rows": _("{file} has more than {limit} rows. Split it and import the parts."),
    "bad_json": _("{file}, line {line}, column {column}: not valid JSON ({detail}). {advice}"),
    "json_duplicate_key": _("{file}: one object has the key {key!r} twice and would lose one value. Remove one of them."),
    "json_number": _("{file}: {value} is not a number that JSON allows. Use null or a text."),
    "json_too_deep": _("{file}: objects are nested deeper than can be read. A register has a list of flat objects."),
    "json_no_list": _("{file}: no list of objects was found. A register file is a list, or an object that holds one."),
    "json_choose_list": _("{file} holds several lists of objects: {choices}. Say which one holds the register."),
    "json_not_object": _("{file}, item {row}: {value} where an object was expected. Every item must be an object."),
    "not_xlsx": _("{file} is a packed file but no Excel workbook ({detail}). Save it as .xlsx."),
    "xlsx_damaged": _("{file} is damaged or cut off: {detail}. Download or save it again."),
    "xlsx_bomb": _(
        "{file} unpacks to far more than its size ({detail}); that is how an attack on a server looks, so it was "
        "not opened. Save the table as CSV instead."
    ),
    "xlsx_entities": _("{file} declares a document type or entities ({part}); no spreadsheet needs that. Save it as CSV."),
    "no_such_sheet": _("{file} has no sheet {sheet!r}. Its sheets: {choices}."),
    "no_such_header": _("{file} has no row {row} to take column names from."),
}

REASONS = {
    "no_name": _("The row has no name. Give the system a name."),
    "cannot_decode": _("The value is {found}, the rest of the file is {encoding}. Save the file in one encoding."),
    "not_storable": _("The text holds a character that cannot be stored (NUL or half a character). Retype the value."),
    "not_a_url": _("This is no web address. It was kept as it came; a web address starts with https://."),
    "not_a_contact": _("This is neither an e-mail address nor a web address. It was kept as it came."),
    "unknown_choice": _("This is none of the known values. It was kept as it came."),
    "unreadable_date": _("This could not be read as a date. It was kept as it came."),
    "unknown_boolean": _("This is neither yes nor no. It was kept as it came."),
    "unreadable_list": _("This looks like a list but could not be read as one. It was kept as one text."),
    "formula": _("The cell holds a formula. It was kept as text and not calculated; paste it as a value."),
    "cell_error": _("The cell shows an error of the spreadsheet. It was kept as it came."),
    "several_values": _("Several values stand where one is expected. They were kept together."),
    "too_long": _("{length} characters; {standard} allows {limit}. Nothing was cut."),
    "required": _("{standard} asks for this field and it is empty."),
    "not_permitted": _("{standard} does not know this value. It was written as it is."),
    "no_place": _("{standard} has no field for this. It is not in the export."),
    "less_precise": _("{standard} takes a month (YYYY-MM); the day was left out."),
    "id_too_long": _(
        "The source id has {length} characters; at most {limit} can be kept. Shorten it, or leave the column out "
        "of the key."
    ),
    "skipped": _("Left out by choice."),
}

NOTES = {
    "format": _("The file is {format}."),
    "encoding": _("The text is {encoding}."),
    "delimiter": _("Columns are separated by {delimiter}."),
    "mixed": _("{count} lines are in another encoding than the rest (first at line {lines}); their rows are refused."),
    "sheet": _("Read from the sheet {sheet!r}; other sheets: {others}."),
    "header_row": _("Column names stand in row {row}; rows above it that were left out: {skipped}."),
    "unnamed_columns": _("Columns without a name were called {columns}."),
    "list_path": _("The list of records is {path!r} in the file."),
    "keyed": _("The records are the {count} named objects in {path!r}; the names are in the column {column!r}."),
    "single": _("The file is one record."),
    "no_final_newline": _("The last line has no line end: make sure that the file was not cut off."),
}

FIELDS = {
    "name": _("Name"),
    "publisher": _("Publisher"),
    "unit": _("Unit"),
    "contact": _("Contact"),
    "accountable": _("Accountable"),
    "summary": _("Summary"),
    "status": _("Status"),
    "start": _("In use since"),
    "end": _("In use until"),
    "purpose": _("Purpose"),
    "alternatives": _("Alternatives considered"),
    "risk_class": _("Risk class"),
    "risk_justification": _("Why that risk class"),
    "legal_basis": _("Legal basis"),
    "impact_assessments": _("Impact assessments"),
    "risks": _("Risks"),
    "oversight": _("Human oversight"),
    "appeal": _("How to appeal"),
    "data_used": _("Data used"),
    "how_it_works": _("How it works"),
    "supplier": _("Supplier"),
    "monitoring": _("Monitoring"),
    "training": _("Training of staff"),
    "consultation": _("Consultation"),
    "links": _("Links"),
    "certificates": _("Certificates"),
    "visibility": _("Visibility"),
    "language": _("Language"),
    "standard_version": _("Version of the standard"),
}

CODES = {
    "in_development": _("In development"),
    "trial": _("Trial"),
    "in_use": _("In use"),
    "paused": _("Paused"),
    "retired": _("Retired"),
    "high": _("High risk"),
    "presumed_high_but_not": _("Presumed high risk, but not"),
    "impactful": _("Impactful"),
    "other": _("Other"),
}

KINDS = {
    "ai_impact_assessment": _("AI impact assessment"),
    "code": _("Source code"),
    "contracting": _("Contracting"),
    "demographic_features": _("Demographic features"),
    "description": _("Description"),
    "open_data": _("Open data"),
    "personal_data": _("Personal data"),
    "pre_deployment_testing": _("Testing before use"),
    "privacy_impact_assessment": _("Privacy impact assessment"),
    "processing_record": _("Record of processing"),
    "register": _("Register"),
    "source_data_link": _("Source of the data"),
    "website": _("Website"),
}

# Values of parameters that are words themselves.
WORDED = ("delimiter", "encoding", "standard")
VALUES = {
    "The Dutch standard 1.0": _("The Dutch standard 1.0"),
    "comma": _("comma"),
    "semicolon": _("semicolon"),
    "tab": _("tab"),
    "pipe": _("vertical bar"),
    "the cells of the sheet": _("the cells of the sheet"),
    "comma, semicolon, tab or pipe": _("comma, semicolon, tab or vertical bar"),
    "UTF-8 with BOM": _("UTF-8 with BOM"),
    "UTF-16 with BOM": _("UTF-16 with BOM"),
    "UTF-16 (little-endian, no BOM)": _("UTF-16 (little-endian, no BOM)"),
    "UTF-16 (big-endian, no BOM)": _("UTF-16 (big-endian, no BOM)"),
}

FAULTS = {
    "disk_full": _("The disk is full. Nothing of the file was kept half done. Make room, then read it again."),
    "disk_failed": _(
        "The database could not be written. Nothing of the file was kept half done. Look at the log, then read it again."
    ),
}


def _filled(text: Any, params: dict[str, Any]) -> str:
    worded = {name: str(VALUES.get(value, value)) if name in WORDED else value for name, value in params.items()}
    try:
        return str(text).format(**worded)
    except (KeyError, IndexError, ValueError):  # a translation that names another parameter than the code has
        return str(text)


def reason(problem: dict[str, Any]) -> str:
    """Why a value or row is remarked upon, from its stored data."""
    return _filled(REASONS.get(problem["code"], problem["code"]), problem.get("params") or {})


def note(one: dict[str, Any]) -> str:
    """Something that was detected about the file, from its stored data."""
    return _filled(NOTES.get(one["code"], one["code"]), one["params"])


def unreadable(error: ReadError) -> str:
    """Why a file cannot be read."""
    return _filled(READ.get(error.code, str(error)), error.params)


def failure(report: dict[str, Any]) -> str:
    """Why an import failed, from the run's report."""
    found = report.get("failure") or {}
    text = READ.get(found.get("code", "")) or FAULTS.get(found.get("code", ""))
    return _filled(text, found.get("params") or {}) if text else found.get("text", "")


def field(name: str) -> str:
    """What a common field is called."""
    return str(FIELDS.get(name, name))


def code(name: str, value: str) -> str:
    """A coded value in words; a value of the source that is no code stays as it is."""
    return str(CODES.get(value, value)) if name in ("status", "risk_class") else value


def item_kind(kind: str) -> str:
    """What an entry of a list field is."""
    return str(KINDS.get(kind, kind.replace("_", " ")))
