"""The part of SurveyJS's expression language that decides whether something is shown, as a tree.

Read: `{name}`, texts, numbers, `true`, `false`, lists; `=` `==` `equal`, `<>` `!=` `notequal`, `<` `<=` `>` `>=` and their
words, `contains` (`*=`), `notcontains`, `anyof`, `noneof`, `allof`, `empty`, `notempty`; `and` `&&`, `or` `||`, `not` `!`,
parentheses. `and` binds tighter than `or`. Source: SurveyJS's documentation of conditional logic.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

MAX_LENGTH = 20_000
MAX_DEPTH = 20


class ExpressionError(ValueError):
    """The expression is not in the part that is read. `position`: number of the character, from 1."""

    def __init__(self, reason: str, position: int) -> None:
        self.reason, self.position = reason, position
        super().__init__(f"{reason} (character {position})")


@dataclass(frozen=True, slots=True)
class Join:
    """All of `parts` hold, or (`every` False) any of them."""

    every: bool
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Negation:
    part: Expression


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison. `op`: equal, under, at_most, over, at_least, contains, anyof, allof or empty."""

    name: str
    op: str
    value: Any
    position: int


@dataclass(frozen=True, slots=True)
class Constant:
    truth: bool


Expression = Join | Negation | Test | Constant

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<name>\{[^{}]*\})
  | (?P<text>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")
  | (?P<number>-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![\w]))
  | (?P<sign><=|>=|<>|!=|==|&&|\|\||\*=|[=<>!()\[\],])
  | (?P<word>[^\W\d]\w*)
    )""",
    re.VERBOSE | re.DOTALL,
)
# op -> (test, negated, takes a value)
_OPS: dict[str, tuple[str, bool, bool]] = {
    "=": ("equal", False, True), "==": ("equal", False, True), "equal": ("equal", False, True), "equals": ("equal", False, True),
    "<>": ("equal", True, True), "!=": ("equal", True, True), "notequal": ("equal", True, True), "notequals": ("equal", True, True),
    "<": ("under", False, True), "less": ("under", False, True), "<=": ("at_most", False, True), "lessorequal": ("at_most", False, True),
    ">": ("over", False, True), "greater": ("over", False, True), ">=": ("at_least", False, True),
    "greaterorequal": ("at_least", False, True), "*=": ("contains", False, True), "contains": ("contains", False, True),
    "contain": ("contains", False, True), "notcontains": ("contains", True, True), "notcontain": ("contains", True, True),
    "anyof": ("anyof", False, True), "noneof": ("anyof", True, True), "allof": ("allof", False, True),
    "empty": ("empty", False, False), "notempty": ("empty", True, False),
}  # fmt: skip
_MIRRORED = {"equal": "equal", "under": "over", "over": "under", "at_most": "at_least", "at_least": "at_most"}
_EMPTY = ("null", "undefined")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # name, value, op, and, or, not, or the sign itself; end
    value: Any
    position: int


def parse_expression(text: str) -> tuple[Expression, tuple[str, ...]]:
    """(the expression, what was read in a way that its author should look at). Raises ExpressionError."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"the expression is longer than {MAX_LENGTH} characters", MAX_LENGTH)
    parser = _Parser(_tokens(text))
    found = parser.either(0)
    last = parser.peek()
    if last.kind != "end":
        raise ExpressionError(f"{_shown(last)} is not expected here", last.position)
    return found, tuple(parser.remarks)


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    place, end = 0, len(text.rstrip())
    while place < end:
        match = _TOKEN.match(text, place)
        if match is None:
            rest = text[place:]
            start = place + len(rest) - len(rest.lstrip())
            raise ExpressionError(f"{text[start : start + 12]!r} can't be read", start + 1)
        kind = str(match.lastgroup)
        word = match[kind]
        found.append(_token(kind, word, match.start(kind) + 1, text[match.end() :].lstrip()[:1]))
        place = match.end()
    return [*found, _Token("end", "", len(text) + 1)]


def _token(kind: str, word: str, position: int, following: str) -> _Token:
    lower = word.lower()
    if kind == "name":
        name = word[1:-1].strip()
        if not name:
            raise ExpressionError("no question is named between the braces", position)
        return _Token("name", name, position)
    if kind == "text":
        return _Token("value", re.sub(r"\\(.)", r"\1", word[1:-1], flags=re.DOTALL), position)
    if kind == "number":
        return _Token("value", _number(word, position), position)
    if lower in ("and", "&&", "or", "||", "not", "!", "negate"):
        kinds = {"&&": "and", "||": "or", "!": "not", "negate": "not"}
        return _Token(kinds.get(lower, lower), word, position)
    if lower in _OPS:
        return _Token("op", lower, position)
    if kind == "sign":
        return _Token(word, word, position)
    if following == "(":
        raise ExpressionError(f"the function '{word}' is not read", position)
    if lower in ("true", "false"):
        return _Token("value", lower == "true", position)
    if lower in _EMPTY:
        return _Token("value", None, position)
    return _Token("bare", word, position)


def _number(word: str, position: int) -> int | float:
    if re.fullmatch(r"-?[0-9]{1,300}", word):
        return int(word)
    number = float(word)
    if number in (float("inf"), float("-inf")):
        raise ExpressionError("the number is too large", position)
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _shown(token: _Token) -> str:
    if token.kind == "end":
        return "the end"
    return repr(f"{{{token.value}}}" if token.kind == "name" else token.value)


class _Parser:
    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens, self.at = tokens, 0
        self.remarks: list[str] = []

    def peek(self) -> _Token:
        return self.tokens[self.at]

    def take(self) -> _Token:
        token = self.tokens[self.at]
        self.at += token.kind != "end"
        return token

    def either(self, depth: int) -> Expression:
        return self._joined("or", depth)

    def both(self, depth: int) -> Expression:
        return self._joined("and", depth)

    def _joined(self, word: str, depth: int) -> Expression:
        def part() -> Expression:
            return self.both(depth) if word == "or" else self.single(depth)

        parts = [part()]
        while self.peek().kind == word:
            self.take()
            parts.append(part())
        return parts[0] if len(parts) == 1 else Join(word == "and", tuple(parts))

    def single(self, depth: int) -> Expression:
        token = self.peek()
        if depth > MAX_DEPTH:
            raise ExpressionError(f"nested more than {MAX_DEPTH} deep", token.position)
        if token.kind == "not":
            self.take()
            if self.peek().kind not in ("(", "not"):
                return Negation(self._bare(token))
            return Negation(self.single(depth + 1))
        if token.kind == "(":
            self.take()
            inner = self.either(depth + 1)
            self._expect(")")
            return inner
        return self.comparison()

    def _bare(self, token: _Token) -> Expression:
        """What stands behind a `!` without parentheses: SurveyJS takes the question alone, not the comparison."""
        part = self.comparison()
        alone = isinstance(part, Constant) or (isinstance(part, Test) and part.op == "truthy")
        if token.value == "!" and not alone:
            raise ExpressionError("put parentheses: !(...)", token.position)
        if not alone:
            self.remarks.append(f"'not' at character {token.position} is read as 'not' of the whole comparison")
        return part

    def comparison(self) -> Expression:
        left = self.operand()
        if self.peek().kind != "op":
            if left.kind == "name":
                return Test(left.value, "truthy", None, left.position)
            if isinstance(left.value, bool):
                return Constant(left.value)
            raise ExpressionError(f"a comparison is missing after {_shown(left)}", self.peek().position)
        token = self.take()
        op, negated, takes = _OPS[token.value]
        right = self.operand() if takes else _Token("value", None, token.position)
        test = self._test(left, op, right, token)
        return Negation(test) if negated else test

    def _test(self, left: _Token, op: str, right: _Token, token: _Token) -> Expression:
        if left.kind == "name" and right.kind == "name":
            raise ExpressionError("two questions are compared with each other, which is not read", token.position)
        if left.kind == "name":
            return Test(left.value, op, right.value, left.position)
        if right.kind == "name" and op in _MIRRORED:
            return Test(right.value, _MIRRORED[op], left.value, right.position)
        if right.kind != "name" and op == "equal":
            return Constant(left.value == right.value)
        raise ExpressionError(f"'{token.value}' needs a question on its left", token.position)

    def operand(self) -> _Token:
        token = self.take()
        if token.kind == "bare":
            self.remarks.append(f"the word {token.value} at character {token.position} is read as a text")
            return _Token("value", token.value, token.position)
        if token.kind == "[":
            members: list[Any] = []
            while self.peek().kind != "]":
                if self.peek().kind in ("name", "["):
                    raise ExpressionError("a list holds texts and numbers", self.peek().position)
                member = self.operand()
                members.append(member.value)
                if self.peek().kind != "]":
                    self._expect(",")
            self.take()
            if not members:
                raise ExpressionError("the list is empty", token.position)
            return _Token("value", members, token.position)
        if token.kind not in ("name", "value"):
            raise ExpressionError(f"a question or a value is missing before {_shown(token)}", token.position)
        return token

    def _expect(self, kind: str) -> None:
        token = self.take()
        if token.kind != kind:
            raise ExpressionError(f"'{kind}' is missing before {_shown(token)}", token.position)
