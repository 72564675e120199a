"""What a Word template of one's own may ask for: fields that there are, loops and conditions over them, and nothing else.

A template is a program in Jinja. It is read before it is kept, and only what stands here is let through, so that it can neither call
anything nor run for ever.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

Fields = Mapping[str, Any]  # name -> TEXT or CONTENT, a mapping (fields of a field), or a list of one mapping (to loop over)
TEXT, CONTENT = "text", "content"  # content: paragraphs, tables and pictures, placed by {{p ... }} in a paragraph of its own

FILTERS = frozenset({"upper", "lower", "capitalize", "trim"})
LOOP: Fields = {"index": TEXT, "first": TEXT, "last": TEXT, "length": TEXT}
PLAIN = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand, nodes.Const,
    nodes.CondExpr, nodes.If,
)  # fmt: skip
MOST_LOOPS = 3  # one inside the other
MOST_BYTES = 60 * 1024 * 1024  # unpacked
MOST_PARTS = 2000


class Wrong(StrEnum):
    UNKNOWN = "unknown"  # no such field
    NOT_HERE = "not_here"  # a list or a group of fields where a text is asked for, or the other way round
    PLACE = "place"  # content that does not stand in a paragraph of its own
    REFUSED = "refused"  # calls, filters, anything else than fields, loops and conditions
    SYNTAX = "syntax"
    FILE = "file"  # no Word file, or one that unpacks to too much


@dataclass(frozen=True)
class Fault:
    """What a template asks for in vain: `name` as it is written there, `nearest` the known field most like it ("" for none)."""

    wrong: Wrong
    name: str = ""
    nearest: str = ""


def environment() -> ImmutableSandboxedEnvironment:
    """Where templates run: escaped, without access to anything but what they are given."""
    return ImmutableSandboxedEnvironment(autoescape=True)


def faults_in(template: bytes, fields: Fields) -> list[Fault]:
    """Everything in a Word template that could not be filled from `fields`, each once, in the order in which it stands."""
    if (broken := _unusable(template)) is not None:
        return [broken]
    found: dict[Fault, None] = {}
    for source in _sources(template):
        try:
            tree = environment().parse(source)
        except TemplateSyntaxError as error:
            found[Fault(Wrong.SYNTAX, _near(source, error))] = None
            continue
        for fault in (*_misplaced(source, tree, fields), *_Check(fields).faults(tree)):
            found[fault] = None
    return list(found)


def _unusable(template: bytes) -> Fault | None:
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
                return Fault(Wrong.FILE)
        DocxTemplate(io.BytesIO(template)).init_docx()
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError, SyntaxError, OSError, EOFError):
        return Fault(Wrong.FILE)
    return None


def _sources(template: bytes) -> Iterator[str]:
    """The Jinja of the body, of heads and feet, and of the file's properties, as docxtpl reads them."""
    word = DocxTemplate(io.BytesIO(template))
    word.init_docx()
    yield word.patch_xml(word.get_xml())
    for kind in (word.HEADER_URI, word.FOOTER_URI):
        for _key, part in word.get_headers_footers(kind):
            yield word.patch_xml(word.get_part_xml(part))
    for part in word.docx.part.package.parts:
        if part.content_type.endswith(".footnotes+xml"):
            yield word.patch_xml(part.blob.decode("utf-8", "replace"))
    properties = word.docx.core_properties
    for name in ("author", "comments", "identifier", "language", "subject", "title"):
        yield getattr(properties, name) or ""


def _near(source: str, error: TemplateSyntaxError) -> str:
    """The tag that could not be read, or the words on its line."""
    line = source.splitlines()[error.lineno - 1] if 0 < error.lineno <= len(source.splitlines()) else ""
    tags = re.findall(r"\{[{%].*?[%}]\}", line)
    text = tags[-1] if tags else re.sub(r"<[^>]+>", "", line)
    return " ".join(text.split())[:80] or error.message or ""


def _misplaced(source: str, tree: nodes.Template, fields: Fields) -> Iterator[Fault]:
    """Content inside a run of text would break the file: `{{p x }}` was turned into a bare `{{ x }}` between paragraphs by docxtpl."""
    for match in re.finditer(r"\{\{\s*([\w.]+)\s*\}\}", source):
        path = match.group(1)
        if not path.endswith(f".{CONTENT}") and fields.get(path) != CONTENT:
            continue
        before = source[: match.start()]
        if before.rfind("<w:p>") > before.rfind("</w:p>") or before.rfind("<w:p ") > before.rfind("</w:p>"):
            yield Fault(Wrong.PLACE, path)


class _Check:
    def __init__(self, fields: Fields):
        self.fields = fields
        self.found: list[Fault] = []

    def faults(self, tree: nodes.Template) -> list[Fault]:
        self._walk(tree, dict(self.fields), 0)
        return self.found

    def _walk(self, node: nodes.Node, scope: dict[str, Any], loops: int) -> None:
        if isinstance(node, nodes.For):
            self._loop(node, scope, loops)
        elif isinstance(node, nodes.Name | nodes.Getattr):
            self._end(node, scope)
        elif isinstance(node, nodes.Filter):
            if node.name not in FILTERS or node.args or node.kwargs:
                self.found.append(Fault(Wrong.REFUSED, f"|{node.name}", _nearest(node.name, FILTERS)))
            if node.node is not None:
                self._walk(node.node, scope, loops)
        elif isinstance(node, nodes.If | nodes.CondExpr):
            self._test(node.test, scope, loops)
            for child in node.iter_child_nodes(exclude=("test",)):
                self._walk(child, scope, loops)
        elif isinstance(node, PLAIN):
            for child in node.iter_child_nodes():
                self._walk(child, scope, loops)
        else:
            self.found.append(Fault(Wrong.REFUSED, _written(node)))

    def _test(self, node: nodes.Node, scope: dict[str, Any], loops: int) -> None:
        """A condition may also ask whether a list has anything in it."""
        if isinstance(node, nodes.Name | nodes.Getattr):
            self._field(node, scope)
        elif isinstance(node, nodes.Not | nodes.And | nodes.Or):
            for child in node.iter_child_nodes():
                self._test(child, scope, loops)
        else:
            self._walk(node, scope, loops)

    def _loop(self, node: nodes.For, scope: dict[str, Any], loops: int) -> None:
        if node.recursive or node.test is not None or not isinstance(node.target, nodes.Name) or loops == MOST_LOOPS:
            self.found.append(Fault(Wrong.REFUSED, "for"))
            return
        field = self._field(node.iter, scope)
        if field is None:
            inner: Any = None  # told already: what hangs on it is not told again
        elif isinstance(field, list):
            inner = field[0]
        else:
            self.found.append(Fault(Wrong.NOT_HERE, _written(node.iter)))
            inner = None
        within = {**scope, node.target.name: inner, "loop": LOOP}
        for child in (*node.body, *node.else_):
            self._walk(child, within, loops + 1)

    def _end(self, node: nodes.Node, scope: dict[str, Any]) -> None:
        """A place where something is written."""
        field = self._field(node, scope)
        if isinstance(field, list | Mapping):
            self.found.append(Fault(Wrong.NOT_HERE, _written(node)))

    def _field(self, node: nodes.Node, scope: Mapping[str, Any]) -> Any:
        """What a name leads to; None, with a fault, when it leads nowhere."""
        if isinstance(node, nodes.Name):
            if node.name in scope:
                return scope[node.name]
            self.found.append(Fault(Wrong.UNKNOWN, node.name, _nearest(node.name, scope)))
            return None
        if isinstance(node, nodes.Getattr):
            holder = self._field(node.node, scope)
            if holder is None:
                return None
            if isinstance(holder, Mapping) and node.attr in holder:
                return holder[node.attr]
            known = holder if isinstance(holder, Mapping) else {}
            near = _nearest(node.attr, known)
            above = _written(node.node)
            self.found.append(Fault(Wrong.UNKNOWN, f"{above}.{node.attr}", f"{above}.{near}" if near else ""))
            return None
        self.found.append(Fault(Wrong.REFUSED, _written(node)))
        return None


def _nearest(name: str, known: Any) -> str:
    return next(iter(get_close_matches(name.lower(), sorted(known), 1, 0.5)), "")


def _written(node: nodes.Node) -> str:
    """A node as a template's author wrote it, nearly."""
    match node:
        case nodes.Name():
            return node.name
        case nodes.Getattr():
            return f"{_written(node.node)}.{node.attr}"
        case nodes.Getitem():
            return f"{_written(node.node)}[…]"
        case nodes.Call():
            return f"{_written(node.node)}()"
    return type(node).__name__.lower()


def listed(fields: Fields, above: str = "") -> Iterator[tuple[str, str]]:
    """(field, what it is: text, content, list or group) for all fields, those of a list by the name of its members."""
    for name, field in fields.items():
        path = f"{above}{name}"
        if isinstance(field, list):
            yield path, "list"
            yield from listed(field[0], f"{path.removesuffix('s')}.")
        elif isinstance(field, Mapping):
            yield path, "group"
            yield from listed(field, f"{path}.")
        else:
            yield path, field
