from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from reports.attachments import add_maker
        from reports.formats import inside

        add_maker(inside)
