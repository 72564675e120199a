"""`trygg demo`: a made-up world to look around in."""

import os
from pathlib import Path
from typing import Annotated

import typer

from trygg.front.cli.common import django, problem, say

MADE = "demo.made"  # in the home, once the world is whole


def demo(
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Make the world and end.")] = False,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where to listen.")] = 8000,
) -> None:
    """Make the demo world where there is none yet, and serve it. Everything and everyone in it is invented."""
    os.environ.setdefault("TRYGG_BASE_URL", f"http://127.0.0.1:{port}")  # links in messages lead to where it is served
    django()
    from trygg.front.cli import serve, setup

    if not no_serve:
        serve.check_port("127.0.0.1", port)
    setup.prepare()
    _make()
    _say_accounts(port)
    if not no_serve:
        serve.run("127.0.0.1", port)


def _make() -> None:
    from django.conf import settings
    from django.utils import timezone

    from trygg.front.demo import world
    from trygg.kernel.people.models import Organisation

    made = Path(settings.TRYGG_HOME) / MADE
    if made.exists():
        say("The demo world is there already.")
        return
    if Organisation.objects.exists():
        problem(
            f"{settings.TRYGG_HOME} holds organisations that are not of a whole demo. "
            "Choose another home, for instance: TRYGG_HOME=./demo-home trygg demo"
        )
    say("Making the demo world; it takes a moment:")
    world.build(timezone.now(), say=lambda line: say(f"  {line}"))
    made.touch()


def _say_accounts(port: int) -> None:
    from trygg.front.demo import cast

    say(f"\nhttp://127.0.0.1:{port}/ – sign in with one of these; the password is {cast.PASSWORD}")
    width = max(len(who) for who, _address in cast.accounts())
    for who, address in cast.accounts():
        say(f"  {who.ljust(width)}  {address}")
    say()
