"""Models learnt from the installation's own pairs: too few are refused, a candidate changes nothing by itself, one click goes back."""

import random
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reciproque.foundation.errors import DomainError, Forbidden
from reciproque.institution.access import Actor
from reciproque.institution.models import Role, Unit, User
from reciproque.sourcing import model_report
from reciproque.sourcing.models import Judgement, TrainedModel
from reciproque.sourcing.pipeline import comparing, likeness, retraining
from reciproque.sourcing.services import judgements, models
from tests.factories import EstablishmentFactory, PartnerFactory, SiteFactory, UnitFactory, actor

pytestmark = pytest.mark.django_db
S = TrainedModel.State
SYLLABLES = ("ba", "co", "du", "fe", "gi", "lo", "mu", "na", "pe", "ri", "so", "ta", "vu", "xe", "zo")


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def steward(db: None) -> Actor:
    return actor(EstablishmentFactory(), Role.DATA_STEWARD)


def siren(number: int) -> str:
    """A SIREN whose check digit is right."""
    body = f"{30_000_000 + number}"
    total = sum(sum(divmod(int(digit) * (1 + place % 2), 10)) for place, digit in enumerate(body))
    return body + str(-total % 10)


def network(unit: Unit, count: int) -> None:
    """Companies known under two names: « X CONSEIL » and « X FORMATION » are one house here; « X EST » is another one."""
    chance, towns = random.Random(5), ("Angers", "Nantes", "Laval")  # noqa: S311 -- a file, not a secret
    for rank in range(count):
        word = "".join(chance.choices(SYLLABLES, k=4)).capitalize()
        place = {"postcode": f"{44000 + rank % 90}", "city": towns[rank % 3], "address": f"{rank % 40 + 1} rue du Port"}
        for turn, names in enumerate(((f"{word} Conseil", f"{word} Formation"), (f"{word} Est", ""))):
            partner = PartnerFactory(name=names[0], usual_name=names[1], unit=unit, siren=siren(2 * rank + turn))
            SiteFactory(partner=partner, **place)


def test_too_few_pairs_are_told_one_by_one(steward: Actor) -> None:
    network(UnitFactory(), 3)
    asked = models.ask_for_model(actor=steward)
    assert models.ask_for_model(actor=steward) == asked  # one at a time
    retraining.propose()
    asked.refresh_from_db()
    assert (asked.state, asked.code) == (S.SHORT, "")
    told = model_report.told(asked)
    assert told.verdict == "short"
    assert (
        told.missing[0]
        == f"il manque {retraining.LEAST_SAME - asked.report['sizes']['same']} paires de fiches d’un même SIREN"
    )
    assert not likeness.folder().exists()


def test_kept_records_teach_nothing_and_verdicts_do(steward: Actor) -> None:
    unit = UnitFactory()
    network(unit, 2)
    secret = PartnerFactory(name="Secrète", unit=unit, siren=siren(9999), sharing="restricted")
    one, other, third = (PartnerFactory(name=name, unit=unit) for name in ("Forges", "Forge", "Minoterie"))
    judgements.unite(actor=steward, kind="partner", ids=[one.pk, other.pk], kept=one.pk)
    judgements.refuse(actor=steward, kind="partner", ids=[one.pk, third.pk])
    low, high = sorted((third.pk, secret.pk))
    Judgement.objects.create(kind="partner", low=low, high=high, verdict="different", decided_by_id=steward.user_id)
    gathered = retraining.gather()
    names = gathered.rows["name"].to_list()
    assert "Secrète" not in names
    assert sorted((names[low], names[high], same) for low, high, same in gathered.judged) == [
        ("Forges", "Forge", True),
        ("Forges", "Minoterie", False),
    ]


@pytest.fixture
def candidate(steward: Actor, monkeypatch: pytest.MonkeyPatch) -> TrainedModel:
    """A model learnt from a small network."""
    monkeypatch.setattr(retraining, "LEAST_SAME", 40)
    monkeypatch.setattr(retraining, "LEAST_DIFFERENT", 40)
    network(UnitFactory(), 80)
    asked = models.ask_for_model(actor=steward)
    retraining.propose()
    asked.refresh_from_db()
    return asked


def test_a_candidate_is_learnt_reported_adopted_and_given_up(candidate: TrainedModel, steward: Actor) -> None:
    shipped = likeness.shipped()
    assert candidate.state == S.CANDIDATE
    assert likeness.path_of(candidate.code).exists()
    assert likeness.in_service() == shipped
    assert models.ask_weekly() is None  # somebody has to decide first
    report = candidate.report
    assert report["new"]["f1"] > report["old"]["f1"]  # the names of this house are learnt
    assert report["sizes"]["same"] >= 80
    assert len(model_report.told(candidate).rows) == 6
    client = Client()
    client.force_login(User.objects.get(pk=steward.user_id))
    address = reverse("sourcing:model", args=[candidate.pk])
    assert "il peut être mis en service" in client.get(address).content.decode()
    client.post(reverse("sourcing:model_decide", args=[candidate.pk]), {"decision": "adopter"})
    assert "Meilleur que le modèle alors en service" in client.get(address).content.decode()
    assert likeness.in_service() == candidate.code
    assert likeness.forests()["partner"] is not likeness.forests(shipped)["partner"]
    client.post(reverse("sourcing:model_shipped"))
    candidate.refresh_from_db()
    assert (candidate.state, likeness.in_service()) == (S.RETIRED, shipped)
    models.adopt_model(actor=steward, model=candidate)
    likeness.path_of(candidate.code).unlink()
    from reciproque.engines.linkage import scoring

    scoring.load.cache_clear()
    assert likeness.forests()["partner"] is scoring.load()["partner"]  # a file that is gone stops nothing


def test_only_stewards_and_administrators_decide(candidate: TrainedModel, steward: Actor) -> None:
    member = actor(UnitFactory())
    for act in (models.adopt_model, models.refuse_model):
        with pytest.raises(Forbidden):
            act(actor=member, model=candidate)
    with pytest.raises(Forbidden):
        models.ask_for_model(actor=member)
    models.refuse_model(actor=steward, model=candidate)
    with pytest.raises(DomainError):
        models.refuse_model(actor=steward, model=candidate)
    assert likeness.in_service() == likeness.shipped()


def test_a_failure_changes_nothing_and_may_be_tried_again(steward: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_names: str) -> None:
        raise RuntimeError

    asked = models.ask_for_model(actor=steward)
    with monkeypatch.context() as patch:
        patch.setattr(retraining, "apart", broken)
        with pytest.raises(RuntimeError):
            retraining.run(asked.pk)
    asked.refresh_from_db()
    assert asked.state == S.FAILED
    again = models.ask_for_model(actor=steward)
    assert again.pk != asked.pk
    TrainedModel.objects.filter(pk=again.pk).update(asked_at=timezone.now() - models.LOST_AFTER)
    assert models.ask_for_model(actor=steward).pk != again.pk  # its worker is gone for good
    again.refresh_from_db()
    assert again.state == S.FAILED


FIGURES = {
    "f1": 0.9, "automatic_precision": 0.995, "automatic_recall": 0.5, "automatic_pairs": 400, "homonyms_merged": 0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "meant"),
    [
        ({}, "alike"),
        ({"f1": 0.91}, "better"),
        ({"f1": 0.89}, "worse"),
        ({"automatic_recall": 0.6}, "better"),
        ({"automatic_recall": 0.6, "automatic_precision": 0.98}, "worse"),
        ({"f1": 0.95, "homonyms_merged": 1}, "worse"),
        ({"automatic_pairs": 0, "automatic_precision": 1.0, "automatic_recall": 0.0}, "alike"),
    ],
)
def test_safety_weighs_before_reach(change: dict[str, Any], meant: str) -> None:
    assert comparing.verdict(FIGURES | change, FIGURES, 0.995) == meant
