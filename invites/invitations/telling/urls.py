"""Under /t/<tenant>/."""

from django.urls import path

from invites.invitations.telling import views

urlpatterns = [
    path("events/<int:pk>/tell/", views.tell, name="event-tell"),
    path("events/<int:pk>/tell/preview/", views.preview, name="event-tell-preview"),
    path("events/<int:pk>/tell/preview/<int:invitation>/", views.preview_mail, name="event-tell-mail"),
    path("events/<int:pk>/tell/send/", views.send, name="event-tell-send"),
]
