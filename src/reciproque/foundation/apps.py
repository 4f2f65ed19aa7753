from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "reciproque.foundation"

    def ready(self) -> None:
        """The lookups that queries may use everywhere."""
        from reciproque.foundation.database import lookups  # noqa: F401, PLC0415
