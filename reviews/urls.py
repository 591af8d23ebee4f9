from django.urls import path

from reviews import views

app_name = "reviews"
urlpatterns = [
    path("of/<int:pk>/", views.review, name="review"),
    path("decide/<int:pk>/", views.decide, name="decide"),
]
