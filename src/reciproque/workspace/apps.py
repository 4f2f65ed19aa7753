from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class WorkspaceConfig(AppConfig):
    name = "reciproque.workspace"
    verbose_name = _("espace de travail")

    def ready(self) -> None:
        """Let each module offer its parts of the composed pages."""
        autodiscover_modules("panels")
