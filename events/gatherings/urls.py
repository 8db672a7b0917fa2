from django.urls import path

from events.gatherings import views
from events.gatherings.matrix.views import event_visibility

urlpatterns = [
    path("events/", views.event_list, name="event-list"),
    path("events/new/", views.event_create, name="event-create"),
    path("events/<int:pk>/", views.event_detail, name="event-detail"),
    path("events/<int:pk>/edit/", views.event_edit, name="event-edit"),
    path("events/<int:pk>/visibility/", event_visibility, name="event-visibility"),
    path("events/<int:pk>/publish/", views.event_publish, name="event-publish"),
    path("events/<int:pk>/hold/", views.event_hold, name="event-hold"),
    path("events/<int:pk>/cancel/", views.event_cancel, name="event-cancel"),
    path("events/<int:pk>/lock/", views.event_lock, name="event-lock"),
    path("events/<int:pk>/unlock/", views.event_unlock, name="event-unlock"),
]
