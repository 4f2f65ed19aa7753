"""Sources: whose file it is."""

from django.utils.text import slugify
from django.utils.translation import gettext as _

from reciproque.foundation.errors import DomainError
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor
from reciproque.institution.models import Unit
from reciproque.sourcing import policies
from reciproque.sourcing.models import Source


@operation("sourcing.create_source")
def create_source(*, actor: Actor, unit: Unit, name: str, code: str = "", kind: str = Source.Kind.FILE) -> Source:
    """Name a file that a unit will import, once or every year. The code is made from the name unless it is given."""
    wanted = code or slugify(f"{unit.code}-{name}")[:60]
    if Source.objects.filter(code=wanted).exists():
        raise DomainError(
            _("Une source porte déjà le code « %(code)s » : choisissez-la, ou donnez un autre nom.") % {"code": wanted}
        )
    source = Source(code=wanted, name=name.strip(), unit=unit, kind=kind)
    source.full_clean()
    source.save()
    policies.sources.require(actor, "edit", source)
    return source
