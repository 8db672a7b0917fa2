"""The invitee's links, and staff's page for recording what an invitee said on the telephone."""

from django.urls import include, path

from invites.answers import public, views

staff = [
    path("invitations/<int:pk>/answer/", views.record, name="answer-record"),
]

urlpatterns = [
    path("svar/", public.code, name="code"),
    path("rsvp/<str:token>/", public.rsvp, name="rsvp"),
    path("rsvp/<str:token>/event.ics", public.rsvp_calendar, name="rsvp-calendar"),
    path("", include("invites.answers.own.urls")),
    path("", include("invites.answers.feeds.urls")),
    path("t/<slug:tenant>/", include(staff)),
]
