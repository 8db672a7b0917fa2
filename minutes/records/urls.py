from django.urls import path

from minutes.records import views

urlpatterns = [
    path("minutes/", views.list_minutes, name="minutes-list"),
    path("events/<int:pk>/minutes/open/", views.open_minutes, name="minutes-open"),
    path("events/<int:pk>/minutes/edit/", views.edit, name="minutes-edit"),
    path("events/<int:pk>/minutes/autosave/", views.autosave, name="minutes-autosave"),
]
