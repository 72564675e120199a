"""A grouping query that every backend answers alike: raw keys, computed keys, exact sums.

Sums are taken over fixed-point integers: the order in which rows arrive, the number of threads and the database can then
not change a single digit, and the same table gives the same cells everywhere.
"""

from dataclasses import dataclass, field

SCORE_SCALE = 1_000_000_000  # a score is kept to nine decimals
VALUE_SCALE = 1_000_000  # a grade or an amount to six
VALUE_LIMIT = 1_000_000_000  # sums of squares of larger values would not fit into 38 digits
MAX_CELLS = 1_000_000
NO_NUMBER, MISSING = -2, -1  # codes of a computed key


@dataclass(frozen=True, slots=True)
class Bin:
    """A probability cut into `bins` equal parts: floor(p * bins), 1 into the last; -1 missing, -2 not in [0, 1]."""

    column: str
    bins: int


@dataclass(frozen=True, slots=True)
class AtMost:
    """1 where the number is at most `limit`, else 0; -1 missing, -2 no number. For ranks: within the first k."""

    column: str
    limit: int


@dataclass(frozen=True, slots=True)
class Values:
    """Sums of a number, or of `column - minus`: n, sum, sum of squares, sum of sizes, how many are `band` or more away from 0."""

    column: str
    minus: str | None = None
    band: float = 1.0


@dataclass(frozen=True, slots=True)
class Query:
    """Group by `keys` (columns as they are) and computed keys; count rows, and sum."""

    keys: tuple[str, ...]
    bin: Bin | None = None
    at_most: AtMost | None = None
    values: Values | None = None

    @property
    def columns(self) -> list[str]:
        """Each column that is read, once, in order."""
        numbers = [self.bin.column] if self.bin else []
        numbers += [self.at_most.column] if self.at_most else []
        numbers += [self.values.column, *([self.values.minus] if self.values.minus else [])] if self.values else []
        return list(dict.fromkeys([*self.keys, *numbers]))

    @property
    def numbers(self) -> list[str]:
        """The columns that must hold numbers."""
        plain = Query((), self.bin, self.at_most, self.values)
        return plain.columns


@dataclass(slots=True)
class Cells:
    """The answer: one row a combination. `keys` holds the raw values (text, numbers, booleans or None) as columns."""

    keys: dict[str, list[object]]
    count: list[int]
    bin: list[int] = field(default_factory=list)
    at_most: list[int] = field(default_factory=list)
    sums: dict[str, list[int]] = field(
        default_factory=dict
    )  # score; value_n, value_sum, value_square, value_size, value_off


SCORE_SUMS = ("score",)
VALUE_SUMS = ("value_n", "value_sum", "value_square", "value_size", "value_off", "value_bad")
