from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SourcingConfig(AppConfig):
    name = "reciproque.sourcing"
    verbose_name = _("sources")

    def ready(self) -> None:
        """Offer to the home page what imports ask of people, to the lists where records come from, to forms what is already known."""
        from reciproque.foundation import health  # noqa: PLC0415 -- once the models are ready
        from reciproque.sourcing import chronicle, inbox, listing, reasons  # noqa: PLC0415
        from reciproque.sourcing.register import clients  # noqa: PLC0415

        chronicle.offer()
        inbox.offer()
        listing.offer()
        reasons.offer()
        health.OUTSIDE.append(clients.troubles)
