"""`trygg setup`: everything that an installation needs. Doing it again does no harm, and brings it up to date."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from trygg.front.cli.common import django, say, wrong


def setup(
    organisation: Annotated[str | None, typer.Option(help="Name of the first organisation, for instance a municipality.")] = None,
    slug: Annotated[str | None, typer.Option(help="Its short name in addresses: lower case, digits, hyphens.")] = None,
    jurisdiction: Annotated[str, typer.Option(help="Whose law holds there: SE, EU or UK.")] = "SE",
    kind: Annotated[str, typer.Option(help="What it is: municipality, board, school, police, health, ngo, university, vendor, other.")] = (
        "municipality"
    ),
    admin: Annotated[str | None, typer.Option(help="E-mail address of its administrator, who gets an invitation.")] = None,
) -> None:
    """Make the database, the keys and the shipped packs ready; add an organisation and invite its administrator."""
    if admin and not (organisation or slug):
        wrong("--admin needs --organisation (or the --slug of one that is there): whose administrator is it?")
    django()
    from django.utils import timezone

    prepare()
    now = timezone.now()
    publish(now)
    if organisation or slug:
        place = _organisation(organisation, slug, jurisdiction, kind, now)
        if admin:
            _invite(place, admin, now)
    else:
        say("No organisation was asked for. Add one: trygg setup --organisation NAME --slug S --admin EMAIL")


def prepare() -> None:
    """Folders, keys, tables."""
    from django.conf import settings
    from django.core.management import call_command

    from trygg.kernel.ledger.keys import make_key

    for folder in (settings.TRYGG_HOME, settings.TRYGG_FILES, settings.TRYGG_KEYS):
        Path(folder).mkdir(parents=True, exist_ok=True, mode=0o700)
    say(f"Home: {settings.TRYGG_HOME}")
    call_command("migrate", verbosity=0, interactive=False)
    say("Database: ready")
    made = make_key()
    say(f"Ledger key: {settings.TRYGG_LEDGER_KEY}{' (new: keep a copy elsewhere, it is in no backup)' if made else ''}")


def publish(now: datetime) -> None:
    """Publish the shipped packs, and work out every case anew when some are new."""
    from trygg.kernel.access import Actor
    from trygg.packs.catalogue import read_builtin
    from trygg.spine.assurance.services import recompute_after_packs
    from trygg.spine.frameworks.services import publish_packs

    actor = Actor.system("setup")
    made = publish_packs(actor=actor, now=now, packs=read_builtin())
    say(f"Packs: {', '.join(map(str, made)) if made else 'up to date'}")
    after: int | None = 0
    while made and after is not None:
        after = recompute_after_packs(actor=actor, now=now, after=after)


def _organisation(name: str | None, slug: str | None, jurisdiction: str, kind: str, now: datetime) -> Any:
    from django.utils.text import slugify

    from trygg.kernel.access import Actor
    from trygg.kernel.people.models import Jurisdiction, Organisation
    from trygg.kernel.people.services import add_organisation

    slug = slug or slugify(name or "")
    found = Organisation.objects.filter(slug=slug).first()
    if found is not None:
        say(f"Organisation: {found.name} ({slug}) is there already")
        return found
    if not name:
        wrong(f"There is no organisation «{slug}» yet: give its name with --organisation.")
    if not slug:
        wrong("Give a short name with --slug: the name holds no letter that an address can have.")
    for value, known, option in ((jurisdiction, Jurisdiction.values, "--jurisdiction"), (kind, Organisation.Kind.values, "--kind")):
        if value not in known:
            wrong(f"{option} {value} is not known. Choose one of {', '.join(known)}.")
    made = add_organisation(actor=Actor.system("setup"), now=now, name=name, slug=slug, kind=kind, jurisdiction=jurisdiction)
    say(f"Organisation: {made.name} ({made.slug})")
    return made


def _invite(place: Any, email: str, now: datetime) -> None:
    from django.conf import settings
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    from trygg.kernel.access import Actor, Role
    from trygg.kernel.people.models import Membership
    from trygg.kernel.people.services import INVITATION_DAYS, invite

    try:
        validate_email(email)
    except ValidationError:
        wrong(f"--admin {email} is no e-mail address.")
    held = Membership.objects.filter(person__email=email.lower(), organisation=place, role=Role.ADMINISTRATOR, valid_until=None)
    if held.exists():
        say(f"Administrator: {email} is one already")
        return
    token = invite(actor=Actor.system("setup"), now=now, organisation=place, email=email, role=Role.ADMINISTRATOR.value)
    say(f"Administrator: {email} opens this link, once, within {INVITATION_DAYS} days:")
    say(f"  {settings.BASE_URL}/people/invitation/{token}/")
