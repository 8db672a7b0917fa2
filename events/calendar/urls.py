from django.urls import path

from events.calendar import views

urlpatterns = [
    path("events/<int:pk>/event.ics", views.event_file, name="event-file"),
    path("calendar/", views.feed_list, name="feed-list"),
    path("calendar/new/", views.feed_create, name="feed-create"),
    path("calendar/<int:pk>/renew/", views.feed_renew, name="feed-renew"),
    path("calendar/<int:pk>/revoke/", views.feed_revoke, name="feed-revoke"),
]
