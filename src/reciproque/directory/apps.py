from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectoryConfig(AppConfig):
    name = "reciproque.directory"
    verbose_name = _("annuaire")

    def ready(self) -> None:
        """Offer to the home page what the directory asks of people, and to the worker how its lists are exported."""
        from reciproque.directory import chronicle, inbox  # noqa: PLC0415 -- once the models are ready
        from reciproque.directory.comparing import panels  # noqa: PLC0415
        from reciproque.directory.listing import exporting  # noqa: PLC0415

        chronicle.offer()
        inbox.offer()
        exporting.offer()
        panels.offer()
