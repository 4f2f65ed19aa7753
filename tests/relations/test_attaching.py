"""Files joined to an exchange: kept once, given to those who read it, taken away by those who edit it."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from reciproque.institution.access import Actor
from reciproque.institution.models import Membership, Role, Unit, User
from reciproque.relations import services
from reciproque.relations.models import Interaction, InteractionFile
from tests.factories import PartnerFactory, UnitFactory, UserFactory, actor, dispositif

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stored(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def us():
    return actor(UnitFactory(), Role.MEMBER)


def plan(name: str = "plan.pdf", content: bytes = b"%PDF-1.7") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def record(us, *files, **more):
    unit = Unit.objects.get(pk=us.units(Role.MEMBER)[0])
    return services.record_interaction(
        actor=us, partner=PartnerFactory(), unit=unit, on=localdate(), text="Vu", files=files, **more
    )


def test_from_the_composer_to_the_download_and_away(client: Client, us) -> None:
    client.force_login(User.objects.get(pk=us.user_id))
    partner = PartnerFactory()
    client.post(
        reverse("relations:interaction_create", args=[partner.pk]),
        {
            "kind": "visit", "text": "Visite de **l’atelier**", "on": localdate().isoformat(), "unit": us.units(Role.MEMBER)[0],
            "sharing": "network", "joined": [plan(), plan("photo.jpg", b"jpg"), plan("copie.pdf")],
        },
    )  # fmt: skip
    row = Interaction.objects.get()
    assert sorted(row.files.values_list("name", flat=True)) == ["photo.jpg", "plan.pdf"], "the same content once"
    page = client.get(reverse("relations:interaction", args=[row.pk])).text
    assert "<strong>l’atelier</strong>" in page
    file = row.files.get(name="plan.pdf")
    assert reverse("relations:attachment", args=[file.pk]) in page
    answer = client.get(reverse("relations:attachment", args=[file.pk]))
    assert b"".join(answer.streaming_content) == b"%PDF-1.7"  # type: ignore[attr-defined]
    assert "avec des fichiers" in client.get(reverse("relations:timeline", args=[partner.pk])).text
    client.post(reverse("relations:attachment_remove", args=[file.pk]))
    assert row.files.count() == 1
    client.post(
        reverse("relations:interaction", args=[row.pk]),
        {"kind": "visit", "text": "Relu", "on": localdate().isoformat(), "unit": row.unit_id, "sharing": "network",
         "version": row.version, "joined": plan("autre.pdf", b"autre")},
    )  # fmt: skip
    assert row.files.count() == 2, "one may add some when correcting"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([("virus.exe", b"MZ")], "format"),
        ([("page.html", b"<b>")], "format"),
        ([("vide.pdf", b"")], "format"),
        ([(f"{n}.pdf", b"%d" % n) for n in range(11)], "Dix fichiers"),
    ],
)
def test_what_may_not_be_joined_is_said_and_nothing_is_written(us, files, said) -> None:
    with pytest.raises(ValidationError, match=said):
        record(us, *(plan(name, content) for name, content in files))
    assert not Interaction.objects.exists()


def test_a_stranger_neither_reads_nor_takes_away(client: Client, us) -> None:
    row = record(us, plan(), sharing="restricted")
    file = row.files.get()
    client.force_login(User.objects.get(pk=actor(UnitFactory(), Role.MANAGER).user_id))
    assert client.get(reverse("relations:attachment", args=[file.pk])).status_code == 404
    assert client.post(reverse("relations:attachment_remove", args=[file.pk])).status_code == 404
    assert InteractionFile.objects.filter(pk=file.pk).exists()


def test_a_reader_reads_and_does_not_take_away(client: Client, us) -> None:
    file = record(us, plan()).files.get()
    client.force_login(User.objects.get(pk=actor(UnitFactory(), Role.MEMBER).user_id))
    assert client.get(reverse("relations:attachment", args=[file.pk])).status_code == 200
    assert client.post(reverse("relations:attachment_remove", args=[file.pk])).status_code == 403
    assert InteractionFile.objects.filter(pk=file.pk).exists()


def test_the_documents_of_a_collaboration_are_those_of_its_exchanges_that_one_may_read(
    client: Client, django_assert_max_num_queries
) -> None:
    unit, partner, writer, colleague = UnitFactory(), PartnerFactory(), UserFactory(), UserFactory()
    for user in (writer, colleague):
        Membership.objects.create(user=user, unit=unit, role=Role.MEMBER)
    joint = services.open_collaboration(
        actor=Actor.of(writer), partner=partner, unit=unit, dispositif=dispositif("talk")
    )
    client.force_login(writer)
    page = reverse("relations:collaboration", args=[joint.pk])
    form = f"{reverse('relations:interaction_create', args=[partner.pk])}?nature=note&collaboration={joint.pk}"
    assert form.replace("&", "&amp;") in client.get(page).text
    assert f'<option value="{joint.pk}" selected>' in client.get(form).text
    for sharing, name in (("network", "accord.pdf"), ("restricted", "Zanzibar.pdf")):
        sent = {
            "kind": "note", "text": "Voici", "on": localdate().isoformat(), "unit": unit.pk, "sharing": sharing, "collaboration": joint.pk,
            "joined": SimpleUploadedFile(name, b"%PDF-1.4 " + name.encode()), "once": name, "colleagues": [writer.pk, colleague.pk],
        }  # fmt: skip
        if sharing == "restricted":
            sent["colleagues"] = [writer.pk]
        assert client.post(form, sent).status_code == 302
    first = Interaction.objects.order_by("pk")[0]
    assert set(first.colleagues.values_list("user", flat=True)) == {writer.pk, colleague.pk}, "both were there"
    client.get(page)
    with django_assert_max_num_queries(20):
        text = client.get(page).text
    assert ("accord.pdf" in text, "Zanzibar.pdf" in text) == (True, True)
    stranger = UserFactory()
    Membership.objects.create(user=stranger, unit=UnitFactory(), role=Role.MANAGER)
    client.force_login(stranger)
    text = client.get(page).text
    assert ("accord.pdf" in text, "Zanzibar" in text) == (True, False)
