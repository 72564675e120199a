"""How much of a file is read at most. Stated in docs/import.md; a test compares."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds; what goes beyond is refused with a `ReadError`, never cut. One CSV cell: `csv.field_size_limit()`.

    CSV and XLSX are streamed, so memory depends on the longest row and (XLSX) the shared strings. JSON is held whole:
    about eight times its size in memory.
    """

    csv_bytes: int = 256 * MIB
    xlsx_bytes: int = 64 * MIB
    json_bytes: int = 32 * MIB
    rows: int = 1_000_000
    columns: int = 1_000
    xlsx_entries: int = 1_000
    xlsx_unpacked_bytes: int = 256 * MIB
    xlsx_shared_strings_bytes: int = 64 * MIB
    xlsx_other_part_bytes: int = 16 * MIB
    xlsx_ratio: int = 150
    xlsx_ratio_from_bytes: int = 8 * MIB
    json_depth: int = 60
    errors_listed: int = 50


DEFAULT_LIMITS = Limits()
