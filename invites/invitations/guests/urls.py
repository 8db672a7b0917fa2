"""Under /t/<tenant>/."""

from django.urls import path

from invites.invitations.guests import views

urlpatterns = [
    path("invitations/<int:pk>/", views.detail, name="invitation-detail"),
    path("invitations/<int:pk>/called/", views.called, name="invitation-called"),
    path("events/<int:pk>/call/", views.call_list, name="invitation-call-list"),
]
