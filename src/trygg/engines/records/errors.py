"""What can be wrong with a register file: as codes with parameters, and worded in English.

A `ReadError` is about the file: nothing of it may be used. A `Problem` is about one value or row. Both carry a
stable `code` and `params`, so that a user interface can word them in the language of the person.
"""

import dataclasses
from dataclasses import asdict, dataclass
from typing import Any

READ_MESSAGES: dict[str, str] = {
    "file_missing": "{file} could not be opened: {detail}. Check that the file exists and may be read.",
    "file_changed": "{file} changed while it was being read. Start again with a file that nobody is editing.",
    "too_large": "{file} is {size} bytes; a {format} file may be at most {limit} bytes. Split it and import the parts.",
    "empty": "{file} has no rows. Check that you chose the right file and that it was saved.",
    "no_rows": "{file} has column names but no rows below them. Check that the export was complete.",
    "binary": "{file} is not a text file (a NUL byte at or after position {position}). Save it as CSV UTF-8, XLSX or JSON.",
    "old_excel": "{file} is an old Excel file (.xls) or has a password. Save it as .xlsx without a password.",
    "pdf": "{file} is a PDF. Ask for the table behind it, as CSV, XLSX or JSON.",
    "html": "{file} is a web page, not a table. Download the file itself rather than the page that shows it.",
    "compressed": "{file} is a packed file ({kind}). Unpack it and import the file inside.",
    "unknown_encoding": "{encoding!r} is not a text encoding that can be read. Choose one of {choices}.",
    "cannot_decode": "{file}, byte {position}: the text is not {encoding}. Choose another encoding, or save as UTF-8.",
    "truncated": "{file} seems cut off at row {row}: {detail}. Download or save it again.",
    "one_column": (
        "{file} was read with {delimiter} between columns and then has only one column, {column!r}. "
        "Columns must be separated by comma, semicolon, tab or pipe; choose the right one{hint}."
    ),
    "unknown_delimiter": "{delimiter!r} is no delimiter. Choose one of {choices}.",
    "ragged": (
        "{file}, row {row}{line}: {found} columns where the header has {expected}; {where}, value {value!r}. "
        "Often a {delimiter} or a line break stands in a text without quotes around it. Mend the row and save again."
    ),
    "bad_quotes": (
        "{file}, row {row}, near line {line}: the quotes do not add up ({detail}). "
        "A quote inside a text must be doubled, and the text must have quotes around it."
    ),
    "cell_too_long": (
        "{file}, row {row}, near line {line}: a value is longer than {limit} characters. "
        'Often a quote was opened and never closed: look for a single " from there on.'
    ),
    "duplicate_column": "{file}: two columns are called {column!r} (columns {first} and {second}). Rename one of them.",
    "too_many_columns": "{file} has {found} columns; at most {limit} can be read. Remove those that are not needed.",
    "too_many_rows": "{file} has more than {limit} rows. Split it and import the parts.",
    "bad_json": "{file}, line {line}, column {column}: not valid JSON ({detail}). {advice}",
    "json_duplicate_key": "{file}: one object has the key {key!r} twice and would lose one value. Remove one of them.",
    "json_number": "{file}: {value} is not a number that JSON allows. Use null or a text.",
    "json_too_deep": "{file}: objects are nested deeper than can be read. A register has a list of flat objects.",
    "json_no_list": "{file}: no list of objects was found. A register file is a list, or an object that holds one.",
    "json_choose_list": "{file} holds several lists of objects: {choices}. Say which one holds the register.",
    "json_not_object": "{file}, item {row}: {value} where an object was expected. Every item must be an object.",
    "not_xlsx": "{file} is a packed file but no Excel workbook ({detail}). Save it as .xlsx.",
    "xlsx_damaged": "{file} is damaged or cut off: {detail}. Download or save it again.",
    "xlsx_bomb": (
        "{file} unpacks to far more than its size ({detail}); that is how an attack on a server looks, "
        "so it was not opened. Save the table as CSV instead."
    ),
    "xlsx_entities": "{file} declares a document type or entities ({part}); no spreadsheet needs that. Save it as CSV.",
    "no_such_sheet": "{file} has no sheet {sheet!r}. Its sheets: {choices}.",
    "no_such_header": "{file} has no row {row} to take column names from.",
}

PROBLEM_REASONS: dict[str, str] = {
    "no_name": "The row has no name. Give the system a name.",
    "cannot_decode": "The value is {found}, the rest of the file is {encoding}. Save the file in one encoding.",
    "not_storable": "The text holds a character that cannot be stored (NUL or half a character). Retype the value.",
    "not_a_url": "This is no web address. It was kept as it came; a web address starts with https://.",
    "not_a_contact": "This is neither an e-mail address nor a web address. It was kept as it came.",
    "unknown_choice": "This is none of the known values. It was kept as it came.",
    "unreadable_date": "This could not be read as a date. It was kept as it came.",
    "unknown_boolean": "This is neither yes nor no. It was kept as it came.",
    "unreadable_list": "This looks like a list but could not be read as one. It was kept as one text.",
    "formula": "The cell holds a formula. It was kept as text and not calculated; paste it as a value.",
    "cell_error": "The cell shows an error of the spreadsheet. It was kept as it came.",
    "several_values": "Several values stand where one is expected. They were kept together.",
    "too_long": "{length} characters; {standard} allows {limit}. Nothing was cut.",
    "required": "{standard} asks for this field and it is empty.",
    "not_permitted": "{standard} does not know this value. It was written as it is.",
    "no_place": "{standard} has no field for this. It is not in the export.",
    "less_precise": "{standard} takes a month (YYYY-MM); the day was left out.",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to tell about one value: where it stands, what it is, why, in words and as a code."""

    code: str
    row: int | None = None
    column: str | None = None
    value: str | None = None
    field: str | None = None
    params: dict[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def reason(self) -> str:
        """The reason in English, with what to do."""
        return PROBLEM_REASONS[self.code].format(**self.params)

    def as_dict(self) -> dict[str, Any]:
        """A plain dict with the worded reason, for JSON and for reports."""
        return {**asdict(self), "reason": self.reason}


class ReadError(Exception):
    """The file cannot be read; nothing of it may be used.

    `code` and `params` say what and where; `str(error)` says it in English; `errors` holds further ones of the same
    file (ragged rows), this one first.
    """

    def __init__(self, code: str, params: dict[str, Any], errors: "tuple[ReadError, ...]" = ()) -> None:
        self.code = code
        self.params = params
        self.errors = errors or (self,)
        super().__init__(READ_MESSAGES[code].format(**params))


class MappingError(Exception):
    """A mapping file is wrong; `problems` lists all of it as (path inside the file, reason)."""

    def __init__(self, name: str, problems: list[tuple[str, str]]) -> None:
        self.name = name
        self.problems = problems
        super().__init__("\n".join(f"{name}: {path or '(top)'}: {reason}" for path, reason in problems))


def shown(value: Any, length: int = 80) -> str:
    """A value as it may stand in a message: one line, cut at `length` characters with an ellipsis."""
    text = " ".join(str(value).split())
    return text if len(text) <= length else text[: length - 1] + "…"
