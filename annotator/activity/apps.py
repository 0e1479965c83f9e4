from django.apps import AppConfig


class ActivityConfig(AppConfig):
    name = "annotator.activity"
    label = "activity"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from annotator.activity import services
        from annotator.teams import log

        log.write_to(services.record)
