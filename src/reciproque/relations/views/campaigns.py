"""Campaigns: their list, one of them step by step, messages to release; the public page of unsubscription."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reciproque.directory.listing.people import PAGE as PEOPLE
from reciproque.foundation.ui.pages import go, page, tell
from reciproque.institution.access import Actor, require_role
from reciproque.institution.http import Request
from reciproque.institution.models import Role
from reciproque.institution.saved_views import views_of
from reciproque.relations import policies
from reciproque.relations.campaigns import choosing, results, writing
from reciproque.relations.campaigns.forms import AudienceForm, CampaignForm, MessageForm, ReleaseForm
from reciproque.relations.models import Campaign, CampaignRecipient
from reciproque.relations.services import campaigns as services
from reciproque.relations.services.solicitations import words
from reciproque.relations.views.common import back, saved
from reciproque.relations.wording import messages_in

MOST = 200
R = CampaignRecipient.State
MOVES = {
    "envoyer": (services.start_campaign, gettext_lazy("L’envoi commence.")),
    "arreter": (services.stop_campaign, gettext_lazy("L’envoi est arrêté ; ce qui est parti est parti.")),
    "reprendre": (services.resume_campaign, gettext_lazy("L’envoi reprend.")),
}
FIGURES = (R.READY, R.HELD, R.EXCLUDED, R.SENT, R.BOUNCED, R.FAILED, R.DOUBT)


def _steps(campaign: Campaign | None, current: int, counts: results.Counts | None = None) -> dict[str, Any]:
    """The stepper: who, what, check, sending."""
    urls = [""] * 4
    if campaign and campaign.state in {Campaign.State.DRAFT, Campaign.State.READY}:
        names = ("campaign_recipients", "campaign_message", "campaign")
        urls = [reverse(f"relations:{name}", args=[campaign.pk]) for name in names] + [""]
    labels = (_("Destinataires"), _("Message"), _("Contrôle"), _("Envoi"))
    items = [{"label": label, "url": url} for label, url in zip(labels, urls, strict=True)]
    return {"steps": items, "step": current, "campaign": campaign, "counts": counts}


@require_GET
def listing(request: Request) -> HttpResponse:
    """The campaigns one may read, the latest first."""
    rows = list(policies.campaigns.allowed(request.actor, "view").order_by("-pk")[: MOST + 1])
    context = {"rows": rows[:MOST], "more": len(rows) > MOST, "may_create": request.actor.has(Role.MEMBER)}
    return page(request, "relations/campaigns/list.html", context)


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    """A new campaign; its recipients come next."""
    require_role(request.actor, Role.MEMBER)
    form = CampaignForm(request.POST if request.method == "POST" else None, actor=request.actor)

    def act() -> Campaign:
        audience = request.POST.get("audience", "") or request.GET.urlencode()
        return services.create_campaign(actor=request.actor, audience=audience, **_given(form))

    if form.is_bound and (made := saved(form, act, request)):
        if made is True:
            return go(request, "relations:campaigns")
        return go(request, "relations:campaign_recipients", made.pk)
    context = _steps(None, 1) | {"form": form, "audience": request.POST.get("audience", "")}
    return page(request, "relations/campaigns/create.html", context, status=422 if form.is_bound else 200)


@require_POST
def from_list(request: Request) -> HttpResponse:
    """« Écrire à ces personnes »: a new campaign to the people of the list, or to those ticked."""
    require_role(request.actor, Role.MEMBER)
    audience = choosing.asked_for(request.POST)
    if not audience:
        tell(request, _("Cochez d’abord une ou plusieurs fiches."), tone="warning")
        return go(request, "directory:person_list")
    form = CampaignForm(None, actor=request.actor)
    return page(request, "relations/campaigns/create.html", _steps(None, 1) | {"form": form, "audience": audience})


def _given(form: Any) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name != "once"}


@require_http_methods(["GET", "POST"])
def recipients(request: Request, campaign_id: int) -> HttpResponse:
    """Choose who is written to, by a view of the list of people."""
    campaign = policies.campaigns.get_or_404(request.actor, "edit", pk=campaign_id)
    current = request.GET.urlencode() or campaign.audience
    form = AudienceForm(request.POST or None, views=views_of(request.actor, PEOPLE), current=current)

    def act() -> dict[str, int]:
        return services.choose_recipients(actor=request.actor, campaign=campaign, query=form.query)

    if form.is_bound and (made := saved(form, act)):
        said = _("%(ready)s prêts, %(held)s retenus, %(excluded)s écartés.")
        tell(request, said % made)
        return go(request, "relations:campaign_message", campaign.pk)
    context = _steps(campaign, 1) | {"form": form, "ticked": len(choosing.ticked(current))}
    return page(request, "relations/campaigns/recipients.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def message(request: Request, campaign_id: int) -> HttpResponse:
    """Write the message, and see it as one of the recipients will."""
    campaign = policies.campaigns.get_or_404(request.actor, "edit", pk=campaign_id)
    initial = {"subject": campaign.subject, "body": campaign.body, "version": campaign.version}
    form = MessageForm(request.POST if request.method == "POST" else None, initial=initial)

    def act() -> Campaign:
        return services.edit_campaign(actor=request.actor, campaign=campaign, **form.cleaned_data)

    if form.is_bound and saved(form, act):
        tell(request, _("Le message est enregistré."))
        return go(request, "relations:campaign_message", campaign.pk)
    context = _steps(campaign, 2) | {"form": form, "variables": writing.VARIABLES.items()}
    context |= _previewed(request.actor, campaign, request.GET.get("personne", ""))
    return page(request, "relations/campaigns/message.html", context, status=422 if form.is_bound else 200)


def _previewed(actor: Actor, campaign: Campaign, asked: str) -> dict[str, Any]:
    """The message as one of the recipients will read it."""
    one = results.example(actor, campaign, _number(asked))
    if one is None or not campaign.body:
        return {"example": None}
    before, after = results.around(actor, campaign, one)
    return {"example": one, "written": results.preview(campaign, one), "before": before, "after": after}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


@require_GET
def campaign(request: Request, campaign_id: int) -> HttpResponse:
    """What is about to leave and what is held back; then how far the sending is, and what came of it."""
    row = policies.campaigns.get_or_404(request.actor, "view", pk=campaign_id)
    counts = results.counts(request.actor, row)
    waits = row.state in {Campaign.State.DRAFT, Campaign.State.READY}
    asked = request.GET.get("etat", "")
    state = asked if asked in R.values else _first(counts)
    found, following = results.page(request.actor, row, state, _number(request.GET.get("apres", "")))
    context = _steps(row, 3 if waits else 4, counts) | {
        "figures": [(code, messages_in(code, n), n) for code in FIGURES for n in (counts.by_state[code],)], "state": state, "rows": found,
        "following": following, "may_edit": policies.campaigns.permits(request.actor, "edit", row), "waits": waits,
        "label": messages_in(state, counts.by_state[state]),
    }  # fmt: skip
    _explain(found)
    return page(request, "relations/campaigns/campaign.html", context, part="progress")


def _explain(rows: list[Any]) -> None:
    """Put the reasons of each row in words, each reason asked for once."""
    said = {reason: words(reason) for reason in {reason for row in rows for reason in row.reasons}}
    for row in rows:
        row.said = [said[reason] for reason in row.reasons]


def _first(counts: results.Counts) -> str:
    """The list that is opened first: what asks for a decision."""
    order = (R.DOUBT, R.HELD, R.FAILED, R.BOUNCED, R.READY, R.SENT, R.EXCLUDED)
    return next((state for state in order if counts.by_state[state]), R.READY)


@require_POST
def move(request: Request, campaign_id: int, action: str) -> HttpResponse:
    """Send, stop, go on."""
    row = policies.campaigns.get_or_404(request.actor, "edit", pk=campaign_id)
    if action not in MOVES:
        raise Http404
    act, said = MOVES[action]
    try:
        act(actor=request.actor, campaign=row)
        tell(request, said)
    except ValidationError as refusal:
        tell(request, " ".join(refusal.messages), tone="warning")
    return go(request, "relations:campaign", row.pk)


@require_POST
def move_recipient(request: Request, recipient_id: int, action: str) -> HttpResponse:
    """Hold one message back, or say what became of one in doubt."""
    row = policies.recipients.get_or_404(request.actor, "edit", pk=recipient_id)
    if action == "retenir":
        services.hold_recipient(actor=request.actor, recipient=row)
    elif action in {"envoye", "renvoyer"}:
        services.settle_doubt(actor=request.actor, recipient=row, again=action == "renvoyer")
    else:
        raise Http404
    tell(request, _("C’est noté."))
    return back(request, reverse("relations:campaign", args=[row.campaign_id]))


@require_GET
def releases(request: Request) -> HttpResponse:
    """Messages held back, to people of partners one answers for."""
    rows = list(results.to_release(request.actor)[: MOST + 1])
    _explain(rows)
    context = {"rows": rows[:MOST], "more": len(rows) > MOST}
    return page(request, "relations/campaigns/releases.html", context)


@require_POST
def release(request: Request, recipient_id: int) -> HttpResponse:
    """Let a message go that was held back."""
    row = policies.recipients.get_or_404(request.actor, "release", pk=recipient_id)
    form = ReleaseForm(request.POST)
    try:
        form.is_valid()
        reason = form.cleaned_data.get("reason", "")
        services.release_recipient(actor=request.actor, recipient=row, reason=reason)
        tell(request, _("Le message à %(who)s peut partir.") % {"who": row.person})
    except ValidationError as refusal:
        tell(request, " ".join(refusal.messages), tone="warning")
    return back(request, reverse("relations:releases"))


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "POST"])
def unsubscribe(request: Request, token: str) -> HttpResponse:
    """No more campaigns: a button for people, one POST for mail programs (RFC 8058). The signed address is the proof."""
    recipient_id = writing.recipient_of_token(token)
    done = request.method == "POST" and recipient_id is not None
    if done:
        actor = Actor.system("relations.unsubscribe", via="page")
        done = services.unsubscribe(actor=actor, recipient_id=recipient_id or 0)
    context = {"known": recipient_id is not None and (done or request.method == "GET"), "done": done}
    return page(request, "relations/campaigns/unsubscribe.html", context, status=200 if context["known"] else 404)
