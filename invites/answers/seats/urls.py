"""Under /t/<tenant>/."""

from django.urls import path

from invites.answers.seats import views

urlpatterns = [
    path("events/<int:pk>/seats/", views.seats, name="event-seats"),
    path("events/<int:pk>/seats/edit/", views.seats_edit, name="event-seats-edit"),
    path("events/<int:pk>/seats/fewer/", views.fewer, name="event-seats-fewer"),
    path("events/<int:pk>/seats/groups/new/", views.group_create, name="seat-group-create"),
    path("seats/groups/<int:pk>/edit/", views.group_edit, name="seat-group-edit"),
    path("seats/groups/<int:pk>/remove/", views.group_remove, name="seat-group-remove"),
    path("invitations/<int:pk>/seat/offer/", views.offer, name="seat-offer"),
    path("invitations/<int:pk>/seat/up/", views.move_up, name="seat-move-up"),
    path("invitations/<int:pk>/seat/group/", views.choose_group, name="seat-group-choose"),
]
