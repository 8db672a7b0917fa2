"""Under /t/<tenant>/."""

from django.urls import path

from events.directory.merging import views

urlpatterns = [
    path("directory/duplicates/", views.duplicates, name="directory-duplicates"),
    path("directory/duplicates/not-the-same/", views.not_same, name="directory-not-same"),
    path("directory/contacts/<int:pk>/merge/", views.contact_choose, name="contact-merge-choose"),
    path("directory/contacts/<int:pk>/merge/<int:other>/", views.contact_merge, name="contact-merge"),
    path(
        "directory/organisations/<int:pk>/merge/", views.organisation_choose, name="organisation-merge-choose"
    ),
    path(
        "directory/organisations/<int:pk>/merge/<int:other>/",
        views.organisation_merge,
        name="organisation-merge",
    ),
]
