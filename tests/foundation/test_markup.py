"""HTML written from Python: what Django's own helpers promise, quicker."""

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from reciproque.foundation.ui.markup import address_of, escaped, filled, joined, path_to, spoken

values = st.one_of(
    st.text(), st.integers(), st.none(), st.booleans(), st.floats(allow_nan=False), st.text().map(SafeString)
)


@given(values)
def test_a_value_is_escaped_as_django_does(value) -> None:
    assert escaped(value) == conditional_escape(value)
    assert filled("<b>{}</b>{}", value, "<") == format_html("<b>{}</b>{}", value, "<")


@given(st.lists(st.tuples(values, values)))
def test_rows_are_joined_as_django_does(rows) -> None:
    assert joined(", ", "<i>{}</i>{}", rows) == format_html_join(", ", "<i>{}</i>{}", rows)


def test_a_lazy_text_is_escaped_in_the_language_in_force() -> None:
    with translation.override("en"):
        assert escaped(gettext_lazy("Partenaires")) == "Partners"


def test_a_label_follows_the_language_and_is_not_mistaken_for_another() -> None:
    labels = [gettext_lazy("Partenaires"), gettext_lazy("Personnes"), "Partenaires"]
    with translation.override("en"):
        assert [spoken(label, "en") for label in labels] == ["Partners", "People", "Partenaires"]
    with translation.override("fr"):
        assert [spoken(label, "fr") for label in labels] == ["Partenaires", "Personnes", "Partenaires"]


@pytest.mark.parametrize("number", [1, 987_654_321, 2**40])
def test_addresses_are_those_of_django(number: int) -> None:
    assert path_to("directory:partner", number) == reverse("directory:partner", args=[number])
    assert address_of("directory:partner_list") == reverse("directory:partner_list")
