from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from assessment.readers import add_reader
        from reports.attachments import add_maker
        from reports.formats import inside
        from reports.reopen import SIGN, engagement_of_upload

        add_maker(inside)
        add_reader(SIGN, engagement_of_upload)
