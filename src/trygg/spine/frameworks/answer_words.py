"""An answer to a question of a pack, in words."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from trygg.engines.conditions import ValueType
from trygg.engines.instruments import Item, Matrix
from trygg.kernel.ui.words import fullday
from trygg.spine.frameworks.selectors import words


def answer_words(item: Item, value: object) -> str:
    """The answer in the reader's language: labels of what was chosen, days as people write them. Empty without an answer."""
    if value in (None, "", [], ()):
        return ""
    if isinstance(value, Mapping):
        return state_words(value)
    if item.matrix is not None:
        return "\n".join(matrix_lines(item.matrix, value if isinstance(value, list | tuple) else [value]))
    if item.choices:
        chosen = value if isinstance(value, list | tuple) else [value]
        return "; ".join(words(choice.label) for choice in item.choices if choice.id in chosen)
    match item.type:
        case ValueType.DATE:
            return fullday(date.fromisoformat(str(value)))
        case ValueType.SIGN:
            return _("Confirmed") if value is True else ""
    return str(value)


def state_words(value: Mapping) -> str:
    """An answer that says why there is none."""
    match value.get("state"):
        case "unknown":
            return _("We do not know")
        case "not_applicable":
            return _("Does not apply")
        case "withheld":
            reason = value.get("reason", "")
            return _("Withheld: %(reason)s") % {"reason": reason} if reason else _("Withheld")
    return ""


def mark_parts(mark: str) -> tuple[str, str, str, str]:
    """(right, group, dimension, level) of a mark `right/group/dimension=level`; blank where it is no mark."""
    place, _sign, level = mark.partition("=")
    right, group, dimension = ([*place.split("/"), "", "", ""])[:3]
    return right, group, dimension, level


def matrix_lines(matrix: Matrix, marks: list | tuple) -> list[str]:
    """A line for each right and group that something is said of: "Privacy, young children. Severity: grave; reach: many."""
    held: dict[tuple[str, str], dict[str, str]] = {}
    for mark in marks:
        right, group, dimension, level = mark_parts(str(mark))
        held.setdefault((right, group), {})[dimension] = level
    lines = []
    for right in matrix.rights:
        for group in matrix.groups:
            cell = held.get((right.id, group.id), {})
            said = [
                f"{words(dimension.label)}: {words(level.label)}"
                for dimension in matrix.dimensions
                for level in dimension.levels
                if cell.get(dimension.id) == level.id
            ]
            if said:
                lines.append(f"{words(right.label)}, {words(group.label)}. {'; '.join(said)}.")
    return lines


def exact_words(number: Fraction | int | float) -> str:
    """A number as it is: with decimals when they come to an end, otherwise as a fraction ("2/3"). Never rounded."""
    plain = plain_number(Fraction(str(number)))
    if "/" in plain:
        return plain.replace("-", "\u2212")
    return number_format(Decimal(plain), use_l10n=True, force_grouping=True).replace("-", "\u2212")


def plain_number(number: Fraction) -> str:
    """The same for programs: "8.5", "2/3"."""
    rest, twos, fives = number.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{number.numerator}/{number.denominator}"
    places = max(twos, fives)
    digits = str(abs(number.numerator) * 10**places // number.denominator).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if number < 0 else text
