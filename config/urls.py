from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.urls")),
    path("", include("accounts.urls")),
    path("assessments/", include("assessment.urls")),
    path("designs/", include("recommendations.urls")),
    path("documents/", include("reports.urls")),
    path("reviews/", include("reviews.urls")),
    path("apply/", include("provisioning.urls")),
]
