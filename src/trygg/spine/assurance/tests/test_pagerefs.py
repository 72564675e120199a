"""Page references: read as people write them, refused in words, said in both languages."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from trygg.spine.assurance.pagerefs import pages_in, pages_text, pages_words


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("12-14", [[12, 14]]), ("12–14, 20", [[12, 14], [20, 20]]), ("pp. 12-14", [[12, 14]]), ("s. 12–14 och 3", [[3, 3], [12, 14]]),
        ("sidan 7", [[7, 7]]), ("", []), ("  ", []), ("p. 3; p. 5", [[3, 3], [5, 5]]), ("12 to 14", [[12, 14]]),
    ],
)  # fmt: skip
def test_pages_are_read_as_people_write_them(text, pages):
    assert pages_in(text) == pages


@pytest.mark.parametrize("text", ["chapter two", "0", "14-12", "12-", "99999", "-3", "p.", ", ".join(map(str, range(1, 23))), "12-14-16"])
def test_what_is_no_page_is_refused_in_words(text):
    with pytest.raises(ValidationError) as refused:
        pages_in(text)
    assert refused.value.messages[0].endswith(".")


def test_pages_in_words():
    assert [pages_words(pages) for pages in ([], [[7, 7]], [[12, 14]], [[3, 3], [5, 5]])] == ["", "p. 7", "pp. 12–14", "pp. 3, 5"]
    with translation.override("sv"):
        assert pages_words([[12, 14]]) == "s. 12–14"


def test_what_is_shown_in_the_input_is_read_again():
    assert pages_in(pages_text([[3, 3], [12, 14]])) == [[3, 3], [12, 14]]
