"""Reading the project's own source, for the tests of invariants."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "trygg"


def modules() -> list[Path]:
    """The product's Python files, without tests and migrations."""
    return [
        path
        for path in sorted(PACKAGE.rglob("*.py"))
        if not {"tests", "migrations"} & set(path.relative_to(PACKAGE).parts)
    ]


def name_of(path: Path) -> str:
    """`spine/matters/services.py` and the like."""
    return path.relative_to(PACKAGE).as_posix()


def module_name(path: Path) -> str:
    """`trygg.spine.matters.services`: what imports it."""
    return ".".join(("trygg", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), filename=str(path))


def dotted(node: ast.expr) -> str:
    """`a.b.c` of an expression that is a dotted name, else an empty text."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        stem = dotted(node.value)
        return f"{stem}.{node.attr}" if stem else ""
    return ""


def imported_names(path: Path) -> Iterator[tuple[str, str, int]]:
    """(module, name, line) of each `from module import name`, and (module, "", line) of each `import module`."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield node.module or "", alias.name, node.lineno
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, "", node.lineno
