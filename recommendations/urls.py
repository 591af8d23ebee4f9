from django.urls import path

from recommendations import views

app_name = "recommendations"
urlpatterns = [
    path("of/<int:pk>/", views.design, name="design"),
    path("of/<int:pk>/generate/", views.generate, name="generate"),
    path("<int:pk>/", views.version, name="version"),
    path("<int:pk>/design.json", views.json_file, name="json"),
    path("<int:pk>/changes/<int:other>/", views.changes, name="changes"),
]
