"""Whatever is typed: what a field held comes back from history exactly, and a refusal leaves no trace."""

import contextlib
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from reciproque.directory import services
from reciproque.directory.models import Partner, Person
from reciproque.foundation import history
from reciproque.foundation.errors import DomainError
from tests.factories import PartnerFactory, PersonFactory, UnitFactory, actor

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
PARTNER_FIELDS = (
    "name",
    "usual_name",
    "acronym",
    "description",
    "phone",
    "email",
    "web",
    "siren",
    "naf",
    "vat",
    "foreign_id",
)
typed_in_partner = st.fixed_dictionaries({}, optional=dict.fromkeys(PARTNER_FIELDS, words))
lists = st.fixed_dictionaries(
    {}, optional={"tags": st.lists(words, max_size=4), "former_names": st.lists(words, max_size=4)}
)
real = st.sampled_from(
    [
        {"siren": "552 100 554", "phone": "02 41 00 00 01"},
        {"email": "Accueil@Port.example", "web": "www.port.example"},
        {"naf": "6201Z", "former_names": ["Les Forges", "LES FORGES", "Forges du Val"]},
        {"tags": ["Énergie", "énergie", "Mer"], "description": "Première ligne\n\nSeconde"},
    ]
)
quick = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


def state(record: Any) -> dict[str, Any]:
    record.refresh_from_db()
    fields = [
        f
        for f in record._meta.concrete_fields
        if f.name not in ("updated_at", "version", "origins") and not f.generated
    ]
    return {f.attname: getattr(record, f.attname) for f in fields}


class RoundTrips(TestCase):
    def setUp(self) -> None:
        self.by = actor(UnitFactory())

    @quick
    @given(st.one_of(typed_in_partner, lists, real))
    def test_what_was_is_brought_back_field_by_field(self, changes: dict[str, Any]) -> None:
        partner = PartnerFactory(usual_name="Le Port", acronym="ADP", phone="+33241000009", tags=["Bois"])
        before = state(partner)
        try:
            services.edit_partner(actor=self.by, partner=partner, version=1, **changes)
        except (ValidationError, DomainError):
            assert state(partner) == before
            assert (partner.version, partner.origins, len(history.entries(partner))) == (1, {}, 1)
            return
        after = state(partner)
        changed = [name for name in changes if before[name] != after[name]]
        assert partner.version == (2 if changed else 1)
        assert {name for name in partner.origins if name in changes} == set(changed)
        first = history.entries(partner)[-1]
        back = [name for name in after if after[name] != before[name]]
        for field in back:
            services.restore_field(
                actor=self.by, model=Partner, object_id=partner.pk, event_id=first.event_id, field=field
            )
        assert state(partner) == before

    @quick
    @given(st.one_of(typed_in_partner, lists, real))
    def test_what_is_kept_is_kept_again_unchanged(self, changes: dict[str, Any]) -> None:
        partner = PartnerFactory()
        try:
            services.edit_partner(actor=self.by, partner=partner, version=1, **changes)
        except (ValidationError, DomainError):
            assume(False)
        kept = state(partner)
        version = partner.version
        again = {name: kept[name] for name in changes}
        services.edit_partner(actor=self.by, partner=partner, version=version, **again)
        assert (state(partner), partner.version) == (kept, version)

    @quick
    @given(first=words, last=words, remark=words)
    def test_people_too_are_written_as_shown_or_refused(self, first: str, last: str, remark: str) -> None:
        person = PersonFactory()
        before = state(person)
        try:
            services.edit_person(
                actor=self.by, person=person, version=1, first_name=first, last_name=last, description=remark
            )
        except (ValidationError, DomainError):
            assert state(person) == before
            return
        after = state(person)
        assert after["last_name"]
        for value in (after["first_name"], after["last_name"], after["description"]):
            assert "\0" not in value
            assert not any(ord(one) < 32 and one not in "\n\t" for one in value)
        first_event = history.entries(person)[-1]
        for field in ("first_name", "last_name", "description"):
            services.restore_field(
                actor=self.by, model=Person, object_id=person.pk, event_id=first_event.event_id, field=field
            )
        assert state(person) == before


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["name", "acronym", "description", "phone"])
def test_nul_is_refused_or_removed_never_an_error(field: str) -> None:
    partner = PartnerFactory()
    with contextlib.suppress(ValidationError):
        services.edit_partner(actor=actor(UnitFactory()), partner=partner, version=1, **{field: "A\0B\x07"})
    partner.refresh_from_db()
    assert "\0" not in getattr(partner, field)


@pytest.mark.django_db
def test_decomposed_accents_are_kept_composed() -> None:
    partner = PartnerFactory()
    services.edit_partner(actor=actor(UnitFactory()), partner=partner, version=1, name="E\u0301nergie")
    partner.refresh_from_db()
    assert partner.name == "Énergie"
