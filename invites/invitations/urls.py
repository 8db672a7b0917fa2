"""Under /t/<tenant>/."""

from django.urls import include, path

from invites.invitations import views

urlpatterns = [
    path("", include("invites.invitations.telling.urls")),
    path("", include("invites.invitations.reminders.urls")),
    path("events/<int:pk>/invite/", views.choose, name="invitation-choose"),
    path("events/<int:pk>/invite/preview/", views.preview, name="invitation-preview"),
    path("events/<int:pk>/invite/preview/<int:contact>/", views.preview_mail, name="invitation-preview-mail"),
    path("events/<int:pk>/invite/send/", views.send, name="invitation-send"),
    path("events/<int:pk>/invitations/", views.guest_list, name="invitation-list"),
    path("events/<int:pk>/invitations/export.csv", views.export, name="invitation-export"),
    path("invitations/<int:pk>/withdraw/", views.withdraw, name="invitation-withdraw"),
]
