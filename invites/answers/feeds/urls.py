"""Under the own page's link. The first part of a path is not translated: mails hold these links."""

from django.urls import path

from invites.answers.feeds import public

urlpatterns = [
    path("me/<str:token>/calendar/", public.own_calendar, name="own-calendar"),
    path("me/<str:token>/calendar/new/", public.own_calendar_new, name="own-calendar-new"),
    path("me/<str:token>/calendar/renew/", public.own_calendar_renew, name="own-calendar-renew"),
    path("me/<str:token>/calendar/end/", public.own_calendar_end, name="own-calendar-end"),
]
