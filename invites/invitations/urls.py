"""Under /t/<tenant>/."""

from django.urls import path

from invites.invitations import correcting_views, views

urlpatterns = [
    path("events/<int:pk>/invite/", views.choose, name="invitation-choose"),
    path("events/<int:pk>/invite/preview/", views.preview, name="invitation-preview"),
    path("events/<int:pk>/invite/preview/<int:contact>/", views.preview_mail, name="invitation-preview-mail"),
    path("events/<int:pk>/invite/send/", views.send, name="invitation-send"),
    path("events/<int:pk>/invitations/", views.guest_list, name="invitation-list"),
    path("events/<int:pk>/invitations/export.csv", views.export, name="invitation-export"),
    path("invitations/<int:pk>/withdraw/", views.withdraw, name="invitation-withdraw"),
    path("mails/<int:pk>/address/", correcting_views.correct_address, name="invitation-correct-address"),
]
