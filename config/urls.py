from django.urls import include, path

from config.health import health

urlpatterns = [
    path("health/", health, name="health"),
    path("account/", include("allauth.urls")),
    path("", include("accounts.urls")),
    path("assessments/", include("assessment.urls")),
    path("designs/", include("recommendations.urls")),
    path("documents/", include("reports.urls")),
    path("reviews/", include("reviews.urls")),
    path("apply/", include("provisioning.urls")),
]
