import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def in_english():
    """A page in Swedish leaves its language behind in the thread: each test begins and ends in English."""
    with translation.override("en"):
        yield
