from django.urls import path

from events.calendar import public

urlpatterns = [
    path("public/<slug:tenant>.ics", public.public_feed, name="feed-public"),
    path("<str:token>.ics", public.secret_feed, name="feed-secret"),
]
