from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InstitutionConfig(AppConfig):
    name = "reciproque.institution"
    verbose_name = _("établissement")
