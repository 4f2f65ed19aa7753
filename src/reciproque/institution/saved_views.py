"""Lists as people keep them: which ones somebody may open, and the state in which a request opens a list."""

from dataclasses import dataclass, field

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import QueryDict

from reciproque.foundation.database.kept import kept
from reciproque.foundation.listing.columns import Catalogue
from reciproque.foundation.listing.state import State, is_explicit, read, read_kept
from reciproque.institution import policies
from reciproque.institution.access import Actor
from reciproque.institution.models import SavedView

MOST = 100


@dataclass(frozen=True, slots=True)
class Opened:
    """A list as a request opens it: its state, the view it comes from, whether it was changed since, the other views."""

    state: State
    view: SavedView | None = None
    changed: bool = False
    mine: bool = False
    views: list[SavedView] = field(default_factory=list)


def views_of(actor: Actor, page: str) -> list[SavedView]:
    """The views of a page that the actor may open: pinned ones first, then one's own, then those shared."""
    return _views(actor, page=page, me=actor.user_id or 0)


@kept
def _views(actor: Actor, *, page: str, me: int) -> QuerySet[SavedView]:
    own = Case(When(owner=me, then=Value(0)), default=Value(1), output_field=IntegerField())
    found = policies.saved_views.allowed(actor, "view").filter(page=page)
    return found.order_by("-pinned", own, "position", "name", "pk")[:MOST]


def opened(actor: Actor, catalogue: Catalogue, asked: QueryDict) -> Opened:
    """The state of a list: that of the address when it says it, else that of the view it names."""
    state = read(asked, catalogue)
    views = views_of(actor, catalogue.page)
    view = next((one for one in views if one.pk == state.view), None)
    if view is None:
        return Opened(state.at_view(None), views=views)
    kept = read_kept(view.query, catalogue, view.pk)
    if not is_explicit(asked):
        state = kept.at_place(state)
    mine = policies.saved_views.permits(actor, "edit", view)
    return Opened(state, view, changed=state.kept != kept.kept, mine=mine, views=views)


def kept_query(catalogue: Catalogue, query: str) -> str:
    """What a view keeps of an address: the list, without its page nor the view it came from."""
    return read(QueryDict(query.removeprefix("?")), catalogue).kept
