"""What is served: our own style and script, and nothing that is not ours to serve."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[5]
ASSETS = ROOT / "assets"
VENDOR = ROOT / "src/trygg/kernel/ui/static/vendor"


def block(css: str, start: str) -> dict[str, str]:
    """The custom properties of the rule that begins at `start`."""
    body = css[css.index(start) + len(start) :]
    body = body[: body.index("}")]
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", body))


def contrast(one: str, two: str) -> float:
    def luminance(colour: str) -> float:
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.fixture(scope="module")
def tokens() -> str:
    return (ASSETS / "css/tokens.css").read_text("utf-8")


def test_both_dark_blocks_are_equal(tokens):
    device, chosen = block(tokens, ':root:not([data-scheme="light"]) {'), block(tokens, ':root[data-scheme="dark"] {')
    assert len(device) > 30
    assert device == chosen


@pytest.mark.parametrize("scheme", [":root {", ':root[data-scheme="dark"] {'])
@pytest.mark.parametrize(
    ("text", "ground", "least"),
    [
        ("ink", "ground", 4.5),
        ("ink", "surface", 4.5),
        ("ink2", "ground", 4.5),
        ("ink2", "quiet", 4.5),
        ("link", "surface", 4.5),
        ("link", "ground", 4.5),
        ("visited", "ground", 4.5),
        ("on-brand", "brand", 4.5),
        ("on-focus", "focus", 4.5),
        ("error", "surface", 4.5),
        ("supported", "supported-tint", 4.5),
        ("missing", "missing-tint", 4.5),
        ("stale", "stale-tint", 4.5),
        ("contested", "contested-tint", 4.5),
        ("on-brand", "agree", 4.5),
        ("on-brand", "disagree", 4.5),
        ("on-contested", "contested-fill", 4.5),
        ("edge", "surface", 3),
        ("edge", "ground", 3),
    ],
)
def test_contrast_is_enough(tokens, scheme, text, ground, least):
    colours = block(tokens, scheme)
    assert contrast(colours[f"--t-{text}"], colours[f"--t-{ground}"]) >= least


def test_no_colour_is_written_outside_the_tokens():
    css = re.sub(r"/\*.*?\*/", "", (ASSETS / "css/trygg.css").read_text("utf-8"), flags=re.DOTALL)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{}]*;)|\brgba?\(|\bhsla?\(", css) == []


def test_the_lock_names_no_host_and_pins_exactly():
    lock = (ASSETS / "package-lock.json").read_text("utf-8")
    assert "http" not in lock
    assert '"resolved"' not in lock
    assert all(
        re.fullmatch(r"\d+\.\d+\.\d+", version)
        for version in json.loads((ASSETS / "package.json").read_text("utf-8"))["dependencies"].values()
    )


def test_nothing_restricted_is_served():
    css = (VENDOR / "govuk/govuk-frontend.min.css").read_text("utf-8")
    assert "GDS Transport" not in css
    assert "crest" not in css.replace("govuk-footer__copyright-logo", "")
    assert "/assets/" not in css
    names = " ".join(path.name for path in VENDOR.rglob("*"))
    assert not re.search(r"crest|crown|opengraph|favicon|light-94a|bold-b54|\.map\b", names)
    assert (VENDOR / "licences/govuk-frontend-MIT.txt").exists()
    assert (VENDOR / "licences/atkinson-hyperlegible-OFL-1.1.txt").exists()


@pytest.mark.parametrize("name", ["css/tokens.css", "css/trygg.css", "icons.svg", "mark.svg", "js/trygg.js"])
def test_the_served_copy_is_ours(name):
    served = VENDOR / "trygg" / Path(name).name
    assert served.read_bytes() == (ASSETS / name).read_bytes(), (
        "run `python hatch_build.py` (make assets) after a change in assets/"
    )


def test_every_icon_used_is_in_the_sprite():
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (ASSETS / "icons.svg").read_text("utf-8")))
    used = set()
    for path in (ROOT / "src/trygg").rglob("*.html"):
        used |= set(re.findall(r"""{% icon ['"]([\w-]+)['"]""", path.read_text("utf-8")))
    assert used
    assert used <= drawn
