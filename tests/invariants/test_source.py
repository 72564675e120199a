"""What the source itself must keep to: who reads the clock, who writes the record, who writes a status."""

import ast
import re
from pathlib import Path

import pytest

from tests.invariants.source import PACKAGE, dotted, imported_names, modules, name_of, tree

MODULES = modules()
each_module = pytest.mark.parametrize("path", MODULES, ids=name_of)


def parts(path: Path) -> set[str]:
    """Folder and file names of a module: `views/` and `views.py` are both "views"."""
    return set(path.relative_to(PACKAGE).with_suffix("").parts)


def calls(path: Path):
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.Call))


# The clock ------------------------------------------------------------------------------------------------------------

EDGES = {"views", "middleware", "jobs", "cli", "commands", "context", "context_processors", "api"}
DEMO = "front/demo/make.py", "front/demo/command.py", "front/demo/cli.py"
CLOCKS = {
    "timezone.now", "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.localtime", "time.gmtime",
    "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.date.today", "django.utils.timezone.now",
}  # fmt: skip
CLOCKS_WITHOUT_ARGUMENT = {"timezone.localdate", "timezone.localtime", "localdate", "localtime"}


def clock_reads(path: Path) -> list[str]:
    """Where a module reads the wall clock, or hands it on as a default."""
    found = [f"line {node.lineno}: {dotted(node)}" for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute) and dotted(node) in CLOCKS]
    found += [
        f"line {call.lineno}: {dotted(call.func)}()"
        for call in calls(path)
        if dotted(call.func) in CLOCKS_WITHOUT_ARGUMENT and not call.args and not call.keywords
    ]
    found += [
        f"line {line}: {module}.{name}"
        for module, name, line in imported_names(path)
        if (module, name) in {("django.utils.timezone", "now"), ("time", "time")}
    ]
    found += [
        f"line {node.lineno}: {node.arg}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.keyword) and node.arg in ("auto_now", "auto_now_add")
    ]
    return found


@each_module
def test_only_the_edges_read_the_clock(path):
    if not (parts(path) & EDGES or name_of(path) in DEMO):
        assert clock_reads(path) == [], "take `now` as a parameter: views have request.now"


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("templates/**/*.html")), ids=name_of)
def test_no_template_reads_the_clock(path):
    assert not re.search(r"{%\s*now\b", path.read_text("utf-8")), "the context has `today`"


# The record -----------------------------------------------------------------------------------------------------------

WRITERS = {"unit_of_work", "recorded_later", "service"}


@each_module
def test_only_services_open_a_unit_of_work(path):
    if "services" in parts(path) or name_of(path).startswith("kernel/ledger/"):
        return
    taken = [f"line {line}: {name}" for module, name, line in imported_names(path) if module.startswith("trygg.kernel.ledger") and name in WRITERS]
    assert taken == [], "writes stand in services"


READERS = {"views", "forms", "tables", "selectors", "access", "urls", "api", "panel", "panels", "case_page", "actions", "models"}
ORM_WRITES = {"create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete", "update", "save"}


def orm_writes(path: Path) -> list[str]:
    """Calls that look like writes of rows: `Thing.objects...create()` and the like, or `.save()`."""
    found = []
    for call in calls(path):
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in ORM_WRITES:
            continue
        through_manager = any(isinstance(node, ast.Attribute) and node.attr == "objects" for node in ast.walk(call.func.value))
        if through_manager or (call.func.attr == "save" and dotted(call.func.value) not in ("super", "request.session")):
            found.append(f"line {call.lineno}: .{call.func.attr}()")
    return found


@each_module
def test_what_reads_or_parses_does_not_write(path):
    if not path.stem.startswith("_") and (parts(path) & READERS) and "services" not in parts(path):
        allowed = name_of(path) in ("kernel/people/models.py",)  # the manager that Django asks for
        assert allowed or orm_writes(path) == [], "rows are written by services"
        assert not [call for call in calls(path) if dotted(call.func) in ("work.record", "uow.record")], "acts are recorded by services"


# The status of a claim ------------------------------------------------------------------------------------------------


def status_writes(path: Path) -> list[str]:
    """Where a module that knows Claim sets a `status`: as attribute, or as argument of a call that writes rows."""
    if not any(module == "trygg.spine.assurance.models" and name == "Claim" for module, name, _line in imported_names(path)):
        return []
    found = []
    for node in ast.walk(tree(path)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign | ast.AnnAssign) else []
        for target in targets:
            ends = target.elts if isinstance(target, ast.Tuple) else [target]
            found += [f"line {node.lineno}" for end in ends if isinstance(end, ast.Attribute) and end.attr == "status"]
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else dotted(node.func)
            if (name in ORM_WRITES | {"setattr"} or dotted(node.func) in ("Claim", "models.Claim")) and (
                any(word.arg == "status" for word in node.keywords)
                or any(isinstance(inner, ast.Constant) and inner.value == "status" for argument in node.args for inner in ast.walk(argument))
            ):
                found.append(f"line {node.lineno}")
    return found


@each_module
def test_only_recompute_writes_the_status_of_a_claim(path):
    allowed = {"spine/assurance/recompute.py": None, "spine/assurance/evidence.py": 1, "spine/assurance/models.py": 0}
    found = status_writes(path)
    most = allowed.get(name_of(path), 0)  # evidence: a condition begins as missing
    assert most is None or len(found) <= most, f"{found}: announce a change, and the recompute writes the status"


# Size -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=name_of)
def test_a_file_that_grows_long_becomes_a_package(path):
    assert len(path.read_text("utf-8").splitlines()) <= 600


# Words ----------------------------------------------------------------------------------------------------------------


@each_module
def test_words_are_marked_by_names_that_the_extractor_reads(path):
    """`from ... import gettext as _now` would leave every string of the file out of the catalogues, and English on Swedish pages."""
    odd = [
        f"{alias.name} as {alias.asname}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name.removesuffix("_lazy") in {"gettext", "ngettext", "pgettext", "npgettext"} and alias.asname not in (None, "_")
    ]
    assert not odd, f"{path.name}: import it as itself or as _: {', '.join(odd)}"
