from django.urls import path

from events.calendar import public
from events.calendar.months.public import public_month

urlpatterns = [
    path("public/<slug:tenant>.ics", public.public_feed, name="feed-public"),
    path("public/<slug:tenant>.json", public.public_json, name="public-json"),
    path("public/<slug:tenant>.atom", public.public_atom, name="public-atom"),
    path("public/<slug:tenant>/month/", public_month, name="public-month"),
    path("<str:token>.ics", public.secret_feed, name="feed-secret"),
]
