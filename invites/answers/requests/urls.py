"""The invitee's page for sending somebody else; under /t/<tenant>/ the organiser's decisions."""

from django.urls import include, path

from invites.answers.requests import public, views

staff = [
    path("events/<int:pk>/decisions/", views.decisions, name="event-decisions"),
    path("decisions/<int:pk>/approve/", views.grant, name="decision-grant"),
    path("decisions/<int:pk>/refuse/", views.refuse, name="decision-refuse"),
]

urlpatterns = [
    path("rsvp/<str:token>/somebody-else/", public.substitute, name="rsvp-substitute"),
    path("t/<slug:tenant>/", include(staff)),
]
