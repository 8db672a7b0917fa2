"""Under /t/<tenant>/."""

from django.urls import path

from invites.invitations.drafting import views

urlpatterns = [
    path("events/<int:pk>/invite/preview/", views.preview, name="invitation-preview"),
    path("events/<int:pk>/invite/preview/<int:contact>/", views.preview_mail, name="invitation-preview-mail"),
    path("events/<int:pk>/invite/attachments/", views.enclosures, name="invitation-enclosures"),
    path("invitations/attachments/<int:pk>/", views.enclosure_file, name="invitation-enclosure"),
    path(
        "invitations/attachments/<int:pk>/change/", views.enclosure_change, name="invitation-enclosure-change"
    ),
    path("mail-texts/", views.wording_list, name="wording-list"),
    path("mail-texts/<slug:kind>/<slug:language>/", views.wording_edit, name="wording-edit"),
    path("mail-texts/<slug:kind>/<slug:language>/reset/", views.wording_reset, name="wording-reset"),
]
