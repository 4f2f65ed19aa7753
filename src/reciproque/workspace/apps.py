from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkspaceConfig(AppConfig):
    name = "reciproque.workspace"
    verbose_name = _("espace de travail")
