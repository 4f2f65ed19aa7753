from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InstitutionConfig(AppConfig):
    name = "reciproque.institution"
    verbose_name = _("établissement")

    def ready(self) -> None:
        """Date the session when somebody signs in: it ends when idle, and after twelve hours."""
        from django.contrib.auth.signals import user_logged_in  # noqa: PLC0415 -- once the applications are ready

        from reciproque.institution import inbox  # noqa: PLC0415
        from reciproque.institution.middleware import date_session  # noqa: PLC0415

        inbox.offer()
        user_logged_in.connect(date_session, dispatch_uid="institution.date_session")
