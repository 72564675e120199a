"""Whose product a system is: said when a matter is opened, or on the system's page."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from tests.world import NOW, sign_in
from trygg.kernel.access import Role, may
from trygg.spine.matters import services
from trygg.spine.matters.models import System

pytestmark = pytest.mark.django_db


@pytest.fixture
def system(people):
    return services.add_system(actor=people.actor(Role.OFFICER), now=NOW, owner=people.board, name="Ordlek", vendor_name="Läslyft")


def test_a_linked_company_sees_the_record_and_an_unlinked_one_does_not(people, system):
    officer, vendor = people.actor(Role.OFFICER), people.actor(Role.VENDOR)
    assert not may(vendor, "matters.view_system", system)
    services.link_vendor(actor=officer, now=NOW, system=system, vendor=people.vendor)
    assert may(vendor, "matters.view_system", system)
    assert system.vendor_name == "Läslyft"
    services.link_vendor(actor=officer, now=NOW, system=system, vendor=None)
    assert not may(vendor, "matters.view_system", system)


def test_only_a_vendor_can_be_linked(people, system):
    with pytest.raises(ValidationError, match="no vendor"):
        services.link_vendor(actor=people.actor(Role.OFFICER), now=NOW, system=system, vendor=people.agency)


def test_on_the_page_of_the_system(people, system):
    client = sign_in(Client(), people.actor(Role.OFFICER))
    assert "not linked" in client.get(reverse("matters:system", args=[system.pk])).content.decode()
    page = client.get(reverse("matters:vendor", args=[system.pk])).content.decode()
    assert people.vendor.name in page
    assert people.agency.name not in page
    client.post(reverse("matters:vendor", args=[system.pk]), {"vendor": people.vendor.pk})
    system.refresh_from_db()
    assert system.vendor == people.vendor
    refused = client.post(reverse("matters:vendor", args=[system.pk]), {"vendor": people.agency.pk})
    assert refused.status_code == 422


def test_when_a_matter_is_opened(people):
    client = sign_in(Client(), people.actor(Role.OFFICER))
    given = {"kind": "deployment", "title": "Ordlek i tvåan", "system_name": "Ordlek", "vendor": people.vendor.pk, "version": "2"}
    assert client.post(reverse("matters:new"), given).status_code == 302
    made = System.objects.get(name="Ordlek")
    assert (made.vendor, made.vendor_name) == (people.vendor, people.vendor.name)
