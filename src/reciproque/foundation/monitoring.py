"""Addresses for machines: is the process alive, can it serve, how is it doing."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_GET
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from reciproque.foundation import health, jobs

LOOPBACK = {"127.0.0.1", "::1"}
HERE = LOOPBACK | {"localhost"}


@login_not_required
@require_GET
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_GET
def readyz(_request: HttpRequest) -> HttpResponse:
    """Everything needed to serve is there (200), or what is missing (503)."""
    found = health.report()
    return JsonResponse(found, status=200 if found["ok"] else 503, json_dumps_params={"ensure_ascii": False})


@login_not_required
@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus: from this machine, or with the token."""
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    known = settings.METRICS_TOKEN and constant_time_compare(sent, settings.METRICS_TOKEN)
    if not known and (settings.METRICS_TOKEN or not _from_here(request)):
        return HttpResponse(status=403)
    registry = CollectorRegistry()
    found = health.report()
    ready = Gauge("reciproque_ready", "Whether each part is well", ["part"], registry=registry)
    for name, part in found["parts"].items():
        ready.labels(name).set(int(part["ok"]))
    Gauge("reciproque_disk_free_bytes", "Free disk", registry=registry).set(found["parts"]["disk"]["free_bytes"])
    if found["parts"]["database"]["ok"]:
        account = jobs.account()
        states = Gauge("reciproque_jobs", "Jobs by state", ["state"], registry=registry)
        for state, number in account["states"].items():
            states.labels(state).set(number)
        Gauge("reciproque_oldest_waiting_job_seconds", "Wait of the oldest job", registry=registry).set(
            account["oldest_waiting_seconds"]
        )
    return HttpResponse(generate_latest(registry), content_type="text/plain; version=0.0.4; charset=utf-8")


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
]


def _from_here(request: HttpRequest) -> bool:
    """Whether it was asked on the machine itself: what a proxy passes on comes from there too, but names another host or says so."""
    passed_on = any(name.startswith("HTTP_X_FORWARDED") or name == "HTTP_FORWARDED" for name in request.META)
    asked = urlsplit(f"//{request.get_host()}").hostname
    return request.META.get("REMOTE_ADDR") in LOOPBACK and asked in HERE and not passed_on
