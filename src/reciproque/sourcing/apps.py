from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SourcingConfig(AppConfig):
    name = "reciproque.sourcing"
    verbose_name = _("sources")

    def ready(self) -> None:
        """Offer to the home page what imports ask of people."""
        from reciproque.sourcing import inbox  # noqa: PLC0415 -- once the models are ready

        inbox.offer()
