from django.apps import AppConfig


class TeamsConfig(AppConfig):
    name = "annotator.teams"
    label = "teams"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from annotator.teams import checks  # noqa: F401  registers itself
