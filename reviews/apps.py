from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "reviews"

    def ready(self) -> None:
        from reports.records import add_source
        from reviews.records import approval_record

        add_source("approval", approval_record)
