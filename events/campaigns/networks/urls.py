from django.urls import path

from events.campaigns.networks import views

urlpatterns = [
    path("events/<int:pk>/networks/add/", views.event_network_add, name="event-network-add"),
    path("events/networks/<int:pk>/edit/", views.event_network_edit, name="event-network-edit"),
    path("events/networks/<int:pk>/remove/", views.event_network_remove, name="event-network-remove"),
]
