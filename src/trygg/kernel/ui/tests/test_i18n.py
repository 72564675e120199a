"""Extraction without GNU gettext."""

from pathlib import Path

import pytest

from trygg.kernel.ui import i18n_extract

PYTHON = """
from django.utils.translation import gettext, gettext_lazy as _, ngettext, pgettext
A = _("Lazy one")
def f(n):
    # Translators: a greeting
    return gettext("Plain") + ngettext("%(n)s file", "%(n)s files", n) + pgettext("vote", "yes") + gettext(variable)
"""
TEMPLATE = """{% load i18n %}
<p>{% trans "Short" %} {% translate 'With context' context "menu" %}</p>
    {% blocktrans count n=n %}{{ n }} seat{% plural %}{{ n }} seats{% endblocktrans %}
{% blocktrans trimmed with a=b %}
   Trimmed {{ a }}
   text
{% endblocktrans %}
<a title="{% trans 'In an attribute' %}">{{ _("In a variable") }}</a>
{% if x == _("In a tag") %}{% endif %}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    app = tmp_path / "kernel" / "one"
    (app / "templates" / "one").mkdir(parents=True)
    (app / "tests").mkdir()
    (app / "__init__.py").touch()
    (app / "views.py").write_text(PYTHON, "utf-8")
    (app / "tests" / "test_x.py").write_text('_("Only in a test")', "utf-8")
    (app / "templates" / "one" / "page.html").write_text(TEMPLATE, "utf-8")
    return tmp_path


def test_messages_of_python_and_templates_are_found(project):
    [catalogue] = i18n_extract.extract(project).values()
    found = {(message.id, message.context) for message in catalogue if message.id}
    assert found == {
        ("Lazy one", None),
        ("Plain", None),
        (("%(n)s file", "%(n)s files"), None),
        ("yes", "vote"),
        ("Short", None),
        ("With context", "menu"),
        (("%(n)s seat", "%(n)s seats"), None),
        ("Trimmed %(a)s text", None),
        ("In an attribute", None),
        ("In a variable", None),
        ("In a tag", None),
    }


def test_update_writes_a_catalogue_that_check_then_finds_untranslated(project):
    [path] = i18n_extract.update(project)
    assert path == project / "kernel/one/locale/sv/LC_MESSAGES/django.po"
    assert path.with_suffix(".mo").exists()
    assert any("untranslated: 'Plain'" in fault for fault in i18n_extract.check(project))
    assert i18n_extract.update(project) == []


def translate_all(path: Path) -> None:
    catalogue = i18n_extract.read(path, "sv")
    for message in catalogue:
        if message.id:
            message.string = message.id if isinstance(message.id, str) else list(message.id)
    path.write_text(i18n_extract.as_text(catalogue), "utf-8")


def test_check_finds_fuzzy_missing_unused_and_wrong(project):
    [path] = i18n_extract.update(project)
    translate_all(path)
    assert i18n_extract.check(project) == []
    text = path.read_text("utf-8")
    path.write_text(
        text.replace('msgid "Plain"', '#, fuzzy\nmsgid "Plain"')
        .replace('msgid "Short"', 'msgid "Gone"')
        .replace('msgstr "Trimmed %(a)s text"', 'msgstr "Trimmed %(b)s text"'),
        "utf-8",
    )
    faults = "\n".join(i18n_extract.check(project))
    assert "fuzzy: 'Plain'" in faults
    assert "missing: 'Short'" in faults
    assert "unused: 'Gone'" in faults
    assert "wrong: 'Trimmed %(a)s text'" in faults


def test_check_finds_two_translations_of_one_message(project):
    other = project / "apps" / "two"
    other.mkdir(parents=True)
    (other / "__init__.py").write_text('_("Plain")', "utf-8")
    for path in i18n_extract.update(project):
        translate_all(path)
    path = other / "locale/sv/LC_MESSAGES/django.po"
    path.write_text(path.read_text("utf-8").replace('msgstr "Plain"', 'msgstr "Enkel"'), "utf-8")
    assert any("two translations of 'Plain'" in fault for fault in i18n_extract.check(project))


def test_our_own_catalogue_is_whole():
    assert i18n_extract.check(only=("kernel/ui",)) == []
