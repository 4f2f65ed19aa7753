from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RelationsConfig(AppConfig):
    name = "reciproque.relations"
    verbose_name = _("relations")

    def ready(self) -> None:
        """Offer what this module shows elsewhere; the kinds of collaboration that are shipped follow the tables."""
        from reciproque.relations import inbox, notices, panels  # noqa: PLC0415 -- once the models are ready

        panels.offer()
        inbox.offer()
        notices.offer()
        post_migrate.connect(_ship, sender=self)


def _ship(**_about: object) -> None:
    from reciproque.relations.catalogue import ship  # noqa: PLC0415 -- once the tables exist

    ship()
