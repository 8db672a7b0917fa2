from django.urls import path

from minutes.publication import views

urlpatterns = [
    path("events/<int:pk>/minutes/", views.detail, name="minutes-detail"),
    path("events/<int:pk>/minutes/pdf/", views.show_pdf, name="minutes-pdf"),
    path("events/<int:pk>/minutes/versions/<int:number>/", views.show_version, name="minutes-version"),
    path(
        "events/<int:pk>/minutes/versions/<int:number>/pdf/",
        views.show_version_pdf,
        name="minutes-version-pdf",
    ),
    path(
        "events/<int:pk>/minutes/versions/<int:number>/json/",
        views.show_canonical,
        name="minutes-version-json",
    ),
]
