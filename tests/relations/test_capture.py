"""Capture without typing: a copied message is filed, an invitation becomes a planned meeting that its later versions move."""

import datetime as dt
from email.message import EmailMessage
from unittest import mock

import pytest

from reciproque.directory.models import Sharing
from reciproque.engines.letters import Entry, invite
from reciproque.foundation import inbound
from reciproque.foundation.errors import DomainError
from reciproque.foundation.models import InboundMessage
from reciproque.institution.access import Actor
from reciproque.institution.models import Role
from reciproque.relations.capture import filing
from reciproque.relations.models import CaptureAddress, Filing, Interaction, InvitedMeeting
from tests.factories import PartnerFactory, PersonFactory, PositionFactory, UnitFactory, UserFactory, actor

pytestmark = pytest.mark.django_db
NOON = dt.datetime.combine(dt.date.today() + dt.timedelta(days=20), dt.time(12), dt.UTC)  # noqa: DTZ011


@pytest.fixture
def address(settings) -> CaptureAddress:
    """The tracking address of Claire, in her faculty."""
    settings.MAIL_IN_DOMAIN, settings.MAIL_TRUSTED_SERVERS = "suivi.univ.fr", ["mx.univ.fr"]
    claire = UserFactory(email="Claire.Petit@univ.fr")
    unit = UnitFactory()
    return filing.create_capture_address(actor=actor(unit, Role.MEMBER, claire), user=claire, unit=unit)


@pytest.fixture
def faure():
    """Somebody of the directory, in a company."""
    position = PositionFactory(
        person=PersonFactory(last_name="Faure", email="j.faure@acme.fr", other_emails=["jean@faure.name"])
    )
    return position.person, position.partner


def message(
    *to: str, sender: str = "claire.petit@univ.fr", text: str = "D’accord pour mardi.", **headers: str
) -> EmailMessage:
    written = EmailMessage()
    written["From"], written["To"], written["Subject"] = sender, ", ".join(to), "Visite d’atelier"
    for name, value in headers.items():
        written[name.replace("_", "-")] = value
    written.set_content(text)
    return written


def come(written: EmailMessage, *addresses: CaptureAddress) -> InboundMessage:
    """The message comes in, and is dealt with."""
    recipients = [f"suivi+{one.key}@suivi.univ.fr" for one in addresses]
    kept = inbound.receive(written.as_bytes(), sender="x@y.fr", recipients=recipients)
    assert kept is not None
    filing.handle(kept.pk)
    kept.refresh_from_db()
    return kept


def test_a_message_in_copy_is_filed_with_its_people_its_partner_and_its_files(
    address, faure, settings, tmp_path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    person, partner = faure
    written = message("J.Faure@acme.fr", Message_ID="<1@univ.fr>")
    written.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="plan.pdf")
    written.add_attachment(b"MZ", maintype="application", subtype="octet-stream", filename="virus.exe")
    kept = come(written, address)
    assert (kept.state, kept.reason) == ("kept", "")
    row = Interaction.objects.get()
    assert (row.partner, row.unit, row.author_id, row.kind, row.source) == (
        partner,
        address.unit,
        address.user_id,
        "email",
        "mail",
    )
    assert (row.subject, row.text, row.state, row.met, row.sharing) == (
        "Visite d’atelier",
        "D’accord pour mardi.",
        "done",
        False,
        Sharing.UNIT,
    )
    assert [link.person for link in row.people.all()] == [person]
    assert [file.name for file in row.files.all()] == ["plan.pdf"]


def test_it_is_filed_once_however_often_the_job_runs(address, faure) -> None:
    kept = come(message("j.faure@acme.fr"), address)
    filing.handle(kept.pk)
    assert Interaction.objects.count() == 1


def test_two_colleagues_in_copy_make_one_exchange(address, faure) -> None:
    other = UserFactory(email="leo@univ.fr")
    second = filing.create_capture_address(actor=actor(address.unit, Role.MEMBER, other), user=other, unit=address.unit)
    come(message("j.faure@acme.fr", "leo@univ.fr", Message_ID="<1@x>"), address)
    come(message("j.faure@acme.fr", "leo@univ.fr", Message_ID="<1@x>"), second)
    assert Interaction.objects.count() == 1
    assert Filing.objects.filter(interaction__isnull=False).count() == 2


def test_a_forwarded_message_and_a_second_address_are_recognised(address, faure) -> None:
    come(message(sender="claire.petit@univ.fr", text="Pour mémoire.\n\nDe : Jean <jean@faure.name>\n\nOui."), address)
    assert [link.person for link in Interaction.objects.get().people.all()] == [faure[0]]


def test_the_answer_of_the_partner_with_the_address_in_copy_is_filed(address, faure) -> None:
    assert come(message("claire.petit@univ.fr", sender="J.Faure@ACME.fr"), address).state == "kept"
    assert Interaction.objects.get().author_id == address.user_id


def test_one_message_to_two_partners_is_one_exchange_each(address, faure) -> None:
    second = PositionFactory(person=PersonFactory(email="a@beta.fr"))
    come(message("j.faure@acme.fr", "a@beta.fr"), address)
    assert {row.partner for row in Interaction.objects.all()} == {faure[1], second.partner}


def test_somebody_of_two_companies_is_heard_for_the_one_that_the_address_names(address) -> None:
    person = PersonFactory(email="x@gamma.fr")
    PositionFactory(person=person, partner=PartnerFactory(web="https://www.gamma.fr/"))
    PositionFactory(person=person, partner=PartnerFactory(web="https://delta.fr"))
    come(message("x@gamma.fr"), address)
    assert Interaction.objects.get().partner.web == "https://www.gamma.fr/"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sender": "inconnu@ailleurs.fr"}, "Expéditeur inconnu"),
        ({"Auto_Submitted": "auto-replied"}, "Message automatique"),
        ({"Authentication_Results": "mx.univ.fr; spf=fail; dkim=fail"}, "n’est pas authentifié"),
    ],
)
def test_what_is_refused_says_why_and_writes_nothing(address, faure, change, said) -> None:
    kept = come(message("j.faure@acme.fr", **change), address)
    assert kept.state == "refused"
    assert said in kept.reason
    assert not Interaction.objects.exists()


def test_what_the_trusted_server_found_is_kept(address, faure) -> None:
    come(message("j.faure@acme.fr", Authentication_Results="mx.univ.fr; dkim=pass; spf=pass"), address)
    assert Filing.objects.get().checks == {"dkim": "pass", "spf": "pass"}


def test_a_renewed_address_is_unknown_and_one_who_left_the_unit_files_nothing_more(address, faure) -> None:
    old = CaptureAddress(key=address.key)
    claire = actor(address.unit, Role.MEMBER, UserFactory())
    with pytest.raises(DomainError):
        filing.create_capture_address(actor=claire, user=address.user, unit=address.unit)
    owner = type(claire).of(address.user)
    filing.create_capture_address(actor=owner, user=address.user, unit=address.unit)
    assert come(message("j.faure@acme.fr"), old).reason.startswith("Adresse de suivi inconnue")
    renewed = CaptureAddress.objects.get()
    address.user.memberships.all().delete()
    assert "ne contribue plus" in come(message("j.faure@acme.fr", text="Encore"), renewed).reason


def test_an_unknown_person_is_named_and_the_message_filed_once_they_are_there(address) -> None:
    kept = come(message("neuf@acme.fr"), address)
    assert kept.state == "unmatched"
    assert "neuf@acme.fr" in kept.reason
    PositionFactory(person=PersonFactory(email="neuf@acme.fr"))
    mine = type(actor(address.unit)).of(address.user)
    assert filing.file_again(actor=mine, message=kept).state == "kept"
    assert Interaction.objects.count() == 1
    with pytest.raises(DomainError):
        filing.file_again(actor=mine, message=kept)


def test_people_whom_the_owner_may_not_read_stay_unknown(address) -> None:
    hidden = PersonFactory(email="secret@acme.fr", sharing=Sharing.RESTRICTED)
    PositionFactory(person=hidden)
    assert come(message("secret@acme.fr"), address).state == "unmatched"


def test_an_accident_leaves_the_message_in_failure_never_half_filed(address, faure) -> None:
    with mock.patch.object(filing, "_attach", side_effect=ValueError("boom")):
        kept = come(message("j.faure@acme.fr"), address)
    assert kept.state == "failed"
    assert not Interaction.objects.exists()


def invitation(method="REQUEST", *, starts=NOON, sequence=0, **about) -> EmailMessage:
    entry = Entry(
        "m1@univ.fr", starts, starts + dt.timedelta(hours=1), "Visite de l’atelier", NOON - dt.timedelta(days=30), place="Angers",
        sequence=sequence, organizer=("claire.petit@univ.fr", "Claire"), attendees=(("j.faure@acme.fr", "Jean"),), **about,
    )  # fmt: skip
    written = message("j.faure@acme.fr")
    written.add_attachment(invite(entry, method), maintype="text", subtype="calendar", params={"method": method})
    return written


def test_an_invitation_is_a_planned_meeting_moved_and_called_off_by_its_later_versions(address, faure) -> None:
    come(invitation(), address)
    row = Interaction.objects.get()
    assert (row.kind, row.state, row.met, row.source, row.place) == ("meeting", "planned", True, "calendar", "Angers")
    assert (row.on, row.minutes) == (NOON.date(), 60)
    come(invitation(starts=NOON + dt.timedelta(days=7), sequence=1), address)
    row.refresh_from_db()
    assert row.on == NOON.date() + dt.timedelta(days=7)
    come(invitation("CANCEL", sequence=2), address)
    row.refresh_from_db()
    assert row.state == "cancelled"
    assert Interaction.objects.count() == InvitedMeeting.objects.count() == 1


def test_an_older_version_that_comes_late_changes_nothing(address, faure) -> None:
    come(invitation(starts=NOON + dt.timedelta(days=7), sequence=3), address)
    come(invitation(sequence=2), address)
    assert Interaction.objects.get().on == NOON.date() + dt.timedelta(days=7)


def test_a_cancellation_alone_writes_nothing(address, faure) -> None:
    assert come(invitation("CANCEL"), address).state == "kept"
    assert not Interaction.objects.exists()


def test_the_account_of_messages_adds_up(address, faure) -> None:
    come(message("j.faure@acme.fr"), address)
    come(message("neuf@acme.fr"), address)
    come(message("j.faure@acme.fr", sender="inconnu@ailleurs.fr"), address)
    assert filing.coverage([address.pk]) == {
        "seen": 3,
        "kept": 1,
        "unmatched": 1,
        "refused": 1,
        "waiting": 0,
        "failed": 0,
    }


def test_looking_for_people_costs_the_same_for_twenty_addresses(address, django_assert_num_queries) -> None:
    from reciproque.relations.capture.matching import concerned

    people = [PositionFactory(person=PersonFactory(email=f"p{n}@acme.fr")).person for n in range(20)]
    owner = type(actor(address.unit)).of(address.user)
    for number in (1, 20):
        with django_assert_num_queries(3):
            concerned(owner, [person.email for person in people[:number]])


def test_only_addresses_in_use_receive(address: CaptureAddress) -> None:
    assert filing.receives(address.key)
    assert filing.receives("retours")
    assert not filing.receives("")
    assert not filing.receives("rdv-1-faux")
    old = address.key
    renewed = filing.create_capture_address(actor=Actor.of(address.user), user=address.user, unit=address.unit)
    assert (filing.receives(old), filing.receives(renewed.key)) == (False, True)
