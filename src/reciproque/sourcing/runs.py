"""The runs of merges made alone, as people see them: how many merges, how many still stand, what the checks said."""

from typing import Any

from django.db.models import Count, Q

from reciproque.engines.zoning import estimate
from reciproque.sourcing.models import AutomaticRun, Check, Judgement, TrainedModel
from reciproque.sourcing.pipeline import likeness
from reciproque.sourcing.wording import percent

SHOWN = 30


def last() -> AutomaticRun | None:
    """The last run."""
    return AutomaticRun.objects.order_by("-pk").first()


def listed() -> list[dict[str, Any]]:
    """The last runs. Three queries."""
    runs = list(AutomaticRun.objects.select_related("undone_by").order_by("-pk")[:SHOWN])
    ids = [run.pk for run in runs]
    standing = dict(
        Judgement.objects.filter(run__in=ids, verdict="same").values_list("run").annotate(n=Count("pk")).order_by()
    )
    answers: Any = (
        Check.objects.filter(run__in=ids)
        .values("run")
        .annotate(
            right=Count("pk", filter=Q(answer="right")),
            wrong=Count("pk", filter=Q(answer="wrong")),
            waiting=Count("pk", filter=Q(answer="")),
        )
        .order_by()
    )
    said = {line["run"]: line for line in answers}
    shipped = likeness.shipped()
    return [
        {
            "run": run,
            "standing": standing.get(run.pk, 0),
            "checks": said.get(run.pk, {}),
            "shipped": run.model == shipped,
            "threshold": percent(run.automatic),
        }
        for run in runs
    ]


def precision() -> dict[str, Any] | None:
    """The true precision of merges made alone, as the checks estimate it, in words; None without any answer."""
    rows = Check.objects.exclude(answer="").values_list("weight", "answer")
    found = estimate((weight, answer == Check.Answer.RIGHT) for weight, answer in rows)
    if found is None:
        return None
    low, high = percent(found.low), percent(found.high)
    return {"percent": percent(found.value), "low_percent": low, "high_percent": high, "answers": found.answers}


def by_number(pk: int) -> AutomaticRun | None:
    """A run."""
    return AutomaticRun.objects.filter(pk=pk).first()


def models() -> list[TrainedModel]:
    """The last models learnt."""
    return list(TrainedModel.objects.select_related("asked_by", "decided_by").order_by("-pk")[:SHOWN])


def model_by_number(pk: int) -> TrainedModel | None:
    """A model."""
    return TrainedModel.objects.select_related("asked_by", "decided_by").filter(pk=pk).first()


def check_by_number(pk: int) -> Check | None:
    """A check."""
    return Check.objects.select_related("merge", "judgement").filter(pk=pk).first()
