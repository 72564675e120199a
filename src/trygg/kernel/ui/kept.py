"""The question's words for a text that is kept on a page of its own: the form is not there any more, only its names are."""

import sys
from collections.abc import Callable
from contextlib import suppress

from django import forms
from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import Resolver404, resolve

Words = Callable[[str], str]  # the name of an input -> its question, "" when it is another room's
WORDS: list[Words] = []


def register_words(words: Words) -> None:
    """For a room whose inputs are made while the program runs (from packs): say what a name asks."""
    WORDS.append(words)


def question_of(request: HttpRequest, name: str) -> str:
    """What was asked in the input `name` of the form that `request` sent; the name itself when nobody knows."""
    for words in WORDS:
        with suppress(DatabaseError):  # when the disk is full, the page is made all the same
            if found := words(name):
                return str(found)
    return str(_label(request, name) or name)


def _label(request: HttpRequest, name: str) -> str:
    """The label in the form of that page's room that has most of the names that were sent. Reads no row."""
    try:
        room = resolve(request.path_info).func.__module__
    except Resolver404:
        return ""
    sent, best, label = set(request.POST), 0, ""
    field = name.rpartition("-")[2] if name.count("-") >= 2 else name  # in a row of several: conditions-0-text
    while "." in room:
        room = room.rpartition(".")[0]
        for kind in vars(sys.modules.get(f"{room}.forms", sys)).values():
            if isinstance(kind, type) and issubclass(kind, forms.BaseForm) and field in kind.base_fields:
                shared = len(sent & kind.base_fields.keys()) + 1
                if shared > best:
                    best, label = shared, kind.base_fields[field].label or ""
        if label:
            break
    return label
