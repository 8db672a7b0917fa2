from django.urls import include, path

from events.directory import views

urlpatterns = [
    path("", include("events.directory.merging.urls")),
    path("directory/", views.contact_list, name="directory"),
    path("directory/organisations/", views.organisation_list, name="organisation-list"),
    path("directory/organisations/new/", views.organisation_create, name="organisation-create"),
    path("directory/organisations/<int:pk>/", views.organisation_detail, name="organisation-detail"),
    path("directory/organisations/<int:pk>/edit/", views.organisation_edit, name="organisation-edit"),
    path("directory/contacts/new/", views.contact_create, name="contact-create"),
    path("directory/contacts/<int:pk>/", views.contact_detail, name="contact-detail"),
    path("directory/contacts/<int:pk>/edit/", views.contact_edit, name="contact-edit"),
    path("directory/contacts/<int:pk>/succeed/", views.contact_succeed, name="contact-succeed"),
    path("directory/", include("events.directory.labels.urls")),
    path("directory/", include("events.directory.groups.urls")),
    path("directory/", include("events.directory.networks.urls")),
]
