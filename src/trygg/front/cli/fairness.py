"""`trygg fairness`: bias audits inside the agency, on a file or a table. Needs no database of Trygg's."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trygg.front.cli.common import problem, say, wrong

if TYPE_CHECKING:
    from trygg.engines.fairness import Earlier, Spec
    from trygg.engines.tabular import Table

app = typer.Typer(help="Bias audits: are some children wrongly flagged, or missed, more often?", no_args_is_help=True)


class Format(StrEnum):
    JSON = "json"
    HTML = "html"
    PDF = "pdf"
    MARKDOWN = "md"


class Plain(StrEnum):
    TEXT = "text"
    JSON = "json"


class Disclosure(StrEnum):
    PUBLIC = "public"
    RESTRICTED = "restricted"


class Language(StrEnum):
    EN = "en"
    SV = "sv"


Data = Annotated[
    str,
    typer.Argument(
        metavar="DATA", help="Parquet, CSV, Arrow, DuckDB or SQLite; a cube (.json); or postgresql://... with --table."
    ),
]
Attributes = Annotated[str, typer.Option(help="Columns that tell groups apart, with commas between.")]
Decision = Annotated[str, typer.Option(help="The column with the decision.")]
Favourable = Annotated[str, typer.Option(help="Which decision is good for the child.")]
Outcome = Annotated[str, typer.Option(help="The column with what was true.")]
Reference = Annotated[
    list[str] | None, typer.Option(help="ATTRIBUTE=VALUE: compare with this group; otherwise with everyone else.")
]
Missing = Annotated[list[str] | None, typer.Option(help="A value that means: not recorded.")]
Older = Annotated[
    list[Path] | None, typer.Option(help="A cube or audit published before: nothing is told of few who changed since.")
]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Where to write; otherwise it is printed.")]
Positive = Annotated[
    str,
    typer.Option(
        help="Which decision counts as the event; 1, true, yes by themselves, otherwise the one not favourable."
    ),
]
OutcomePositive = Annotated[str, typer.Option(help="Which outcome counts as the event.")]
TableName = Annotated[str, typer.Option("--table", help="The table, where there are several.")]


@app.callback()
def _group() -> None:
    """Bias audits: are some children wrongly flagged, or missed, more often?"""


@app.command()
def audit(
    data: Data,
    attributes: Attributes = "",
    decision: Decision = "",
    favourable: Favourable = "",
    outcome: Outcome = "",
    score: Annotated[str, typer.Option(help="The column with a probability from 0 to 1.")] = "",
    value: Annotated[str, typer.Option(help="The column with a grade or an amount.")] = "",
    true_value: Annotated[str, typer.Option(help="What the grade should have been: then errors are signed.")] = "",
    band: Annotated[float, typer.Option(help="From which size a value or an error counts as off.")] = 1.0,
    rank: Annotated[str, typer.Option(help="The column with places, 1 first.")] = "",
    top_k: Annotated[int, typer.Option(help="How many first places.")] = 0,
    within: Annotated[str, typer.Option(help="Compare like with like: a column such as school.")] = "",
    id: Annotated[
        str, typer.Option("--id", help="The column that tells children apart, when one stands in several rows.")
    ] = "",
    period: Annotated[str, typer.Option(help="A column with periods or dates (then by month).")] = "",
    reference: Reference = None,
    primary: Annotated[
        list[str] | None, typer.Option(help="METRIC:ATTRIBUTE, declared before the results are seen.")
    ] = None,
    material: Annotated[
        list[str] | None, typer.Option(help="METRIC=DELTA: from which difference it matters, such as fnr=0.05.")
    ] = None,
    earlier: Older = None,
    depth: Annotated[int, typer.Option(help="How many attributes are crossed at most.")] = 3,
    min_coverage: Annotated[
        float, typer.Option(help="The share of children for whom an attribute must be recorded.")
    ] = 0.8,
    missing: Missing = None,
    absent: Annotated[
        list[str] | None, typer.Option(help="An attribute that should be examined and is not in the data.")
    ] = None,
    positive: Positive = "",
    outcome_positive: OutcomePositive = "",
    table: TableName = "",
    disclosure: Annotated[
        Disclosure, typer.Option(help="public hides and rounds; restricted is for those who may see the rows.")
    ] = Disclosure.PUBLIC,
    seed: Annotated[int, typer.Option(help="Of everything that is drawn.")] = 20261122,
    language: Annotated[Language, typer.Option(help="en or sv, for html, pdf and md.")] = Language.EN,
    format: Annotated[Format, typer.Option(help="json, html, pdf or md.")] = Format.JSON,
    output: Output = None,
) -> None:
    """Rates, intervals and a verdict for each group. Writes nothing when something is wrong with the data (exit code 2)."""
    from trygg.engines import fairness

    _writable(output)
    if format is Format.PDF and output is None:
        wrong("A PDF is not printed here: say where to write it, with -o FILE.")

    def spec(names: tuple[str, ...], decided: str, good: str, true: str) -> "Spec":
        return fairness.Spec(
            attributes=names, decision=decided, favourable=good, outcome=true or None, score=score or None, value=value or None,
            true_value=true_value or None, band=band, rank=rank or None, top_k=top_k or None, within=within or None, id=id or None,
            period=period or None, positive=positive or None, outcome_positive=outcome_positive or None, references=_pairs("--reference", reference),
            primary=_primary(primary, names), material=_sizes(material), depth=depth, min_coverage=min_coverage, missing=tuple(missing or ()),
            seed=seed,
        )  # fmt: skip

    with _said():
        if data.lower().endswith(".json") and "://" not in data:
            cube = _json(Path(data))
            found = fairness.audit_published(cube, Path(data).name, lambda made: _spec_of_cube(made, spec))
        else:
            asked = spec(_names(attributes), _given("--decision", decision), favourable, outcome)
            older = [_earlier(path) for path in earlier or ()]
            with _opened(data, table) as rows:
                found = fairness.audit_table(
                    rows, asked, public=disclosure is Disclosure.PUBLIC, earlier=older, absent=tuple(absent or ())
                )
    _write(_rendered(found, format, language.value), output)


@app.command("cube")
def cube_(
    data: Data,
    output: Annotated[Path, typer.Option("--output", "-o", help="Where to write the cube (.json).")],
    attributes: Attributes = "",
    decision: Decision = "",
    favourable: Favourable = "",
    outcome: Outcome = "",
    earlier: Older = None,
    depth: Annotated[int, typer.Option(help="How many attributes are crossed at most.")] = 3,
    missing: Missing = None,
    positive: Positive = "",
    outcome_positive: OutcomePositive = "",
    table: TableName = "",
    disclosure: Annotated[
        Disclosure, typer.Option(help="Small cells are hidden either way; public also rounds to 5.")
    ] = Disclosure.PUBLIC,
) -> None:
    """Counts of groups, small cells hidden: the only thing that needs to leave the agency. `trygg fairness audit CUBE` reads it."""
    from trygg.engines import fairness

    _writable(output)
    with _said():
        spec = fairness.Spec(
            attributes=_names(attributes), decision=_given("--decision", decision), favourable=favourable, outcome=outcome or None, depth=depth,
            missing=tuple(missing or ()), positive=positive or None, outcome_positive=outcome_positive or None,
        )  # fmt: skip
        older = [_earlier(path) for path in earlier or ()]
        with _opened(data, table) as rows:
            found = fairness.cube_table(rows, spec, rounding=disclosure is Disclosure.PUBLIC, earlier=older)
    _write(_json_text(found), output)
    hidden = sum(row["n"] is None for row in found["groups"])
    say(f"{output}: {len(found['groups'])} groups, {hidden} of them suppressed. No row of the table is in it.")


@app.command()
def plan(
    rate: Annotated[float, typer.Option(help="The rate expected in the reference group, such as 0.1.")],
    material: Annotated[float, typer.Option(help="From which difference it matters.")] = 0.05,
    share: Annotated[float, typer.Option(help="The group's share of all children.")] = 0.5,
    counted: Annotated[
        float,
        typer.Option(help="The share of children that the metric is counted among, such as those with the outcome."),
    ] = 1.0,
    comparisons: Annotated[int, typer.Option(help="How many comparisons are declared.")] = 1,
    power: Annotated[float, typer.Option(help="How sure one wants to be of a verdict.")] = 0.8,
    format: Annotated[Plain, typer.Option(help="text or json.")] = Plain.TEXT,
) -> None:
    """How many children a future audit needs before it can tell."""
    from trygg.engines import fairness

    with _said():
        found = fairness.plan(
            rate=rate, material=material, share=share, counted=counted, comparisons=comparisons, power=power
        )
    if format is Plain.JSON:
        say(json.dumps(found, indent=1))
        return
    say(
        f"{found['children']:,} children in all, {found['children_in_group']:,} of them in the group: then a difference of {100 * material:g} points"
    )
    say(
        f"is found, or shown to be none, {100 * power:g} times of 100 ({comparisons} declared comparison{'s' if comparisons > 1 else ''})."
    )
    say("")
    say("children in the group   smallest difference that would be found")
    for row in found["sizes"]:
        say(f"{row['children_in_group']:>21,}   {100 * row['detectable_difference']:.1f} points")


@app.command()
def compare(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="An audit as JSON.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="A later one.")],
    language: Annotated[Language, typer.Option(help="en or sv.")] = Language.EN,
    format: Annotated[Plain, typer.Option(help="text or json.")] = Plain.TEXT,
    output: Output = None,
) -> None:
    """What changed between two audits: verdicts, differences with intervals, and how they were made."""
    from trygg.engines import fairness

    _writable(output)
    with _said():
        found = fairness.compare(_audit(old), _audit(new), (old.name, new.name))
    text = (
        _json_text(found)
        if format is Plain.JSON
        else fairness.compared_text(found, _audit(new), language.value).encode()
    )
    _write(text, output)


# Reading what was asked ------------------------------------------------------------------------------------------------


@contextmanager
def _said() -> Iterator[None]:
    """What is wrong with the data or the question, in one sentence, and exit code 2."""
    from trygg.engines.tabular import TableError

    try:
        yield
    except TableError as error:
        wrong(str(error))


def _names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def _given(option: str, text: str) -> str:
    if not text:
        wrong(f"Say which column, with {option}.")
    return text


def _pairs(option: str, texts: list[str] | None) -> dict[str, str]:
    from trygg.engines.fairness import AuditError

    found = {}
    for text in texts or ():
        name, equals, value = text.partition("=")
        if not equals or not name.strip() or not value.strip():
            form = "NAME=VALUE, such as sex=M" if option == "--reference" else "METRIC=DELTA, such as fnr=0.05"
            raise AuditError("pair", option=option, value=text, form=form)
        found[name.strip()] = value.strip()
    return found


def _sizes(texts: list[str] | None) -> dict[str, float]:
    from trygg.engines.fairness import AuditError

    found = {}
    for name, value in _pairs("--material", texts).items():
        try:
            found[name] = float(value)
        except ValueError:
            raise AuditError("material", value=f"{name}={value}") from None
        if not 0 < found[name] < 1:
            raise AuditError("material", value=f"{name}={value}")
    return found


def _primary(texts: list[str] | None, attributes: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    from trygg.engines.fairness import AuditError

    found = []
    for text in texts or ():
        metric, colon, attribute = text.partition(":")
        if not colon:
            raise AuditError("primary", value=text, example=attributes[0] if attributes else "sex")
        found.append((metric.strip(), attribute.strip()))
    return tuple(dict.fromkeys(found))


def _spec_of_cube(made: Mapping[str, Any], spec: Any) -> "Spec":
    names = tuple(one["name"] for one in made["attributes"])
    return spec(names, made["columns"]["decision"], made["decision"]["favourable"], made["columns"]["outcome"] or "")


@contextmanager
def _opened(data: str, table: str) -> "Iterator[Table]":
    from trygg.engines import fairness

    with fairness.open_remote(data, table) if "://" in data else fairness.open_table(Path(data), table) as rows:
        yield rows


def _json(path: Path) -> dict[str, Any]:
    from trygg.engines import fairness

    if not path.is_file():
        wrong(f"{path}: there is no such file.")
    return fairness.read_json(path.read_bytes(), path.name)


def _earlier(path: Path) -> "Earlier":
    from trygg.engines import fairness

    return fairness.earlier_from(_json(path), path.name)


def _audit(path: Path) -> dict[str, Any]:
    from trygg.engines import fairness

    found = _json(path)
    if found["format"] != fairness.AUDIT_FORMAT:
        wrong(f"{path.name} is a cube. Compare audits: trygg fairness audit {path.name} --format json -o AUDIT.")
    return found


# Writing ----------------------------------------------------------------------------------------------------------------


def _json_text(found: Mapping[str, Any]) -> bytes:
    return (json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def _rendered(found: Mapping[str, Any], format: Format, language: str) -> bytes:
    from trygg.engines import fairness

    if format is Format.JSON:
        return _json_text(found)
    report = fairness.report(found, language)
    if format is Format.MARKDOWN:
        return fairness.markdown(report).encode()
    if format is Format.HTML:
        return fairness.html(report).encode()
    from trygg.kernel.ui.documents import typst_pdf

    words = {name: fairness.words(language)["report"][name] for name in ("comparison", "verdict")}
    data = {**report, "words": words, "reference": f"{found['method']['cube_hash'][:12]}"}
    return typst_pdf(fairness.TYPST, data, language)


def _writable(output: Path | None) -> None:
    if output is not None and (output.is_dir() or not output.absolute().parent.is_dir()):
        wrong(f"{output} cannot be written: give a file in a folder that is there.")


def _write(content: bytes, output: Path | None) -> None:
    from trygg.packs.writing import write_whole

    if output is None:
        say(content.decode().rstrip("\n"))
        return
    try:
        write_whole(output, content)
    except OSError as error:
        problem(f"{output} could not be written: {error.strerror}.")
