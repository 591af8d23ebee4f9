from django.urls import path

from reports import views, views_brand
from reports.views_drawings import drawing, front, retention

app_name = "reports"
urlpatterns = [
    path("assessment/<int:pk>/", views.documents, name="list"),
    path("design/<int:pk>/request/", views.request_one, name="request"),
    path("design/<int:pk>/front/<slug:key>.svg", front, name="front"),
    path("design/<int:pk>/retention/<slug:key>.svg", retention, name="retention"),
    path("design/<int:pk>/<slug:name>.svg", drawing, name="drawing"),
    path("look/", views_brand.look, name="look"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
    path("<int:pk>/", views.document, name="document"),
    path("<int:pk>/status/", views.status, name="status"),
    path("<int:pk>/file/", views.download, name="file"),
]
