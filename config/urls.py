"""All addresses (CONTRACT: README). Staff pages live under /t/<tenant>/; each room lists its own."""

from django.urls import URLPattern, URLResolver, include, path

from config import health, home, preferences
from events.calendar import public

staff: list[URLPattern | URLResolver] = [
    path("", home.dashboard, name="dashboard"),
    path("", include("events.tenancy.urls")),
    path("", include("events.directory.urls")),
    path("", include("events.directory.imports.urls")),
    path("", include("events.plans.urls")),
    path("", include("events.gatherings.urls")),
    path("", include("events.gatherings.series.urls")),
    path("", include("events.gatherings.standing.urls")),
    path("", include("events.campaigns.urls")),
    path("", include("events.calendar.urls")),
    path("", include("events.calendar.embedding.urls")),
    path("", include("invites.invitations.urls")),
    path("", include("invites.invitations.lettering.urls")),
    path("", include("invites.invitations.drafting.urls")),
    path("", include("invites.invitations.guests.urls")),
    path("", include("invites.answers.needs.urls")),
    path("", include("invites.answers.questions.urls")),
    path("", include("invites.answers.seats.urls")),
    path("", include("minutes.records.urls")),
    path("", include("minutes.records.actions.urls")),
    path("", include("minutes.approval.urls")),
    path("", include("minutes.publication.urls")),
    path("", include("minutes.progress.indicators.urls")),
    path("", include("minutes.progress.milestones.urls")),
    path("", include("minutes.reports.urls")),
]

urlpatterns = [
    path("calendar/", include("events.calendar.public_urls")),  # first: asked for most, and mostly in vain
    path("", home.home, name="home"),
    path("no-desk/", home.no_desk, name="no-desk"),
    path("events/<uuid:uid>/", home.public_event, name="public-event"),
    path("events/<uuid:uid>.ics", public.event_file, name="public-event-file"),
    path("embed/", include("events.calendar.embedding.public_urls")),
    path("series/<uuid:uid>/", home.public_series, name="public-series"),
    path("about/", home.about, name="about"),
    path("preferences/language/", preferences.language_set, name="language-set"),
    path("preferences/colours/", preferences.scheme_set, name="scheme-set"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/", include("events.tenancy.public_urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("invites.answers.requests.urls")),
    path("", include("invites.answers.urls")),
    path("", include("invites.answers.door.urls")),
    path("", include("invites.post.urls")),
    path("", include("invites.replies.urls")),
    path("", include("minutes.records.actions.public_urls")),
    path("t/<slug:tenant>/", include(staff)),
]
