from django.urls import path

from events.calendar.embedding import views

urlpatterns = [
    path("embed/", views.embed_show, name="embed-show"),
    path("embed/<int:pk>/remove/", views.embed_remove, name="embed-remove"),
]
