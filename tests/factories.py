"""Plain records for tests, written straight to the tables: what is tested goes through operations."""

import datetime as dt
from typing import Any

import factory
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from factory.django import DjangoModelFactory

from reciproque.directory.models import Partner, Person, Position, Site
from reciproque.institution.access import Actor
from reciproque.institution.models import Membership, Role, Unit, User
from reciproque.relations.models import Collaboration, Dispositif, Interaction


class EstablishmentFactory(DjangoModelFactory):
    """The root of the tree."""

    class Meta:
        model = Unit
        django_get_or_create = ("code",)
        skip_postgeneration_save = True

    code = "univ"
    name = "Université de l’Estuaire"
    short_name = "Université"
    kind = Unit.Kind.ESTABLISHMENT
    path = factory.LazyFunction(lambda: "/")

    @factory.post_generation
    def placed(self: Any, create: bool, extracted: Any, **_: Any) -> None:
        if self.path == "/":
            place(self)


class UnitFactory(DjangoModelFactory):
    """A faculty of the establishment."""

    class Meta:
        model = Unit
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"ufr-{n}")
    name = factory.Sequence(lambda n: f"UFR {n}")
    short_name = factory.LazyAttribute(lambda o: o.name)
    kind = Unit.Kind.FACULTY
    parent = factory.SubFactory(EstablishmentFactory)

    @factory.post_generation
    def placed(self: Any, create: bool, extracted: Any, **_: Any) -> None:
        place(self)


def place(unit: Unit) -> None:
    """Give a unit its path, as the operations do."""
    unit.path = f"{unit.parent.path if unit.parent else '/'}{unit.pk}/"
    unit.tree_key = f"{unit.parent.tree_key + '/' if unit.parent else ''}{unit.position:04d}{unit.pk:06d}"
    unit.save(update_fields=["path", "tree_key"])


class UserFactory(DjangoModelFactory):
    """Somebody with an account and no role."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"agent{n}")
    first_name = "Camille"
    last_name = factory.Sequence(lambda n: f"Agent{n}")
    email = factory.Sequence(lambda n: f"agent{n}@univ.example")


def signed_in(user: User) -> str:
    """The key of a session of that person, as a sign-in leaves it, without its form."""
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


class PartnerFactory(DjangoModelFactory):
    """A company shared with everybody."""

    class Meta:
        model = Partner

    name = factory.Sequence(lambda n: f"Ateliers du Port {n}")


class SiteFactory(DjangoModelFactory):
    """The head site of a partner."""

    class Meta:
        model = Site

    partner = factory.SubFactory(PartnerFactory)
    is_head = True
    city = "Angers"
    postcode = "49000"
    department = "49"


class PersonFactory(DjangoModelFactory):
    """Somebody outside."""

    class Meta:
        model = Person

    first_name = "Élodie"
    last_name = factory.Sequence(lambda n: f"Marchand{n}")


class PositionFactory(DjangoModelFactory):
    """A function in a partner."""

    class Meta:
        model = Position

    person = factory.SubFactory(PersonFactory)
    partner = factory.SubFactory(PartnerFactory)
    title = "responsable du recrutement"


def actor(unit: Unit | None = None, role: Role = Role.MEMBER, user: User | None = None) -> Actor:
    """An actor with one role in one unit; without unit, an account without any role."""
    user = user or UserFactory()
    if unit:
        Membership.objects.create(user=user, unit=unit, role=role)
    return Actor.of(user)


def dispositif(code: str) -> Dispositif:
    """A kind of collaboration of the shipped catalogue."""
    return Dispositif.objects.get(code=code)


class InteractionFactory(DjangoModelFactory):
    """A call, shared with everybody; what it counts for is not derived."""

    class Meta:
        model = Interaction

    partner = factory.SubFactory(PartnerFactory)
    unit = factory.SubFactory(UnitFactory)
    on = dt.date(2026, 10, 1)
    kind = Interaction.Kind.CALL
    text = "Appel de prise de nouvelles"


class CollaborationFactory(DjangoModelFactory):
    """A talk that was given."""

    class Meta:
        model = Collaboration

    partner = factory.SubFactory(PartnerFactory)
    unit = factory.SubFactory(UnitFactory)
    dispositif = factory.LazyFunction(lambda: dispositif("talk"))
    title = "Conférence sur la robotique"
    state = Collaboration.State.DONE
    starts_on = dt.date(2026, 10, 1)
    moved_on = dt.date(2026, 10, 1)
