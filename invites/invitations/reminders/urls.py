"""Under /t/<tenant>/."""

from django.urls import path

from invites.invitations.reminders import views

urlpatterns = [
    path("events/<int:pk>/reminders/", views.plan, name="reminder-plan"),
    path("events/<int:pk>/reminders/edit/", views.plan_edit, name="reminder-edit"),
    path("events/<int:pk>/reminders/switch/", views.plan_switch, name="reminder-switch"),
    path("events/<int:pk>/chase/", views.chase, name="chase"),
    path("events/<int:pk>/chase/preview/", views.chase_preview, name="chase-preview"),
    path("events/<int:pk>/chase/preview/<int:invitation>/", views.chase_mail, name="chase-mail"),
    path("events/<int:pk>/chase/send/", views.chase_send, name="chase-send"),
]
