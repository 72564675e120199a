"""What holds for every template of the project."""

import re
from pathlib import Path

import pytest
from django.template import engines

SOURCE = Path(__file__).resolve().parents[3]
TEMPLATES = sorted(path for path in SOURCE.rglob("*.html") if "templates" in path.parts)
FORBIDDEN = {
    "inline style": re.compile(r"<[a-zA-Z][^>]*\sstyle\s*=", re.DOTALL),
    "style element": re.compile(r"<style\b"),
    "inline script": re.compile(r"<script\b(?![^>]*\bsrc=)"),
    "script in an attribute": re.compile(r"<[a-zA-Z][^>]*\son[a-z]+\s*=", re.DOTALL),
    "javascript address": re.compile(r"""(?:href|action)\s*=\s*["']\s*javascript:""", re.IGNORECASE),
    "htmx that evaluates": re.compile(r"\bhx-(?:on|vals\s*=\s*['\"]js:)"),
}


def faults(text: str) -> list[str]:
    text = re.sub(r"{#.*?#}|{% comment.*?endcomment %}", "", text, flags=re.DOTALL)
    return [name for name, pattern in FORBIDDEN.items() if pattern.search(text)]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_has_nothing_that_the_content_policy_forbids(path):
    assert faults(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "bad",
    [
        '<p style="margin:0">',
        "<style>p{}</style>",
        "<script>x()</script>",
        '<a href="#" onclick="x()">',
        '<a href="javascript:x()">',
        "<b hx-on:click='x'>",
    ],
)
def test_the_test_above_finds_what_it_looks_for(bad):
    assert faults(bad)


@pytest.mark.parametrize(
    "path", [path for path in TEMPLATES if "ui" in path.relative_to(SOURCE).parts], ids=lambda path: path.name
)
def test_compiles(path):
    assert engines["django"].from_string(path.read_text("utf-8"))
