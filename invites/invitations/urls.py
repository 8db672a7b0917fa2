"""Under /t/<tenant>/."""

from django.urls import include, path

from invites.invitations import correcting_views, views
from invites.invitations.choice import views as choice
from invites.invitations.waves import views as waves

urlpatterns = [
    path("", include("invites.invitations.telling.urls")),
    path("", include("invites.invitations.reminders.urls")),
    path("events/<int:pk>/invite/", choice.choose, name="invitation-choose"),
    path("events/<int:pk>/invite/organisation/", choice.ask_organisation, name="invitation-organisation"),
    path("events/<int:pk>/invite/send/", views.send, name="invitation-send"),
    path("events/<int:pk>/invitations/", views.guest_list, name="invitation-list"),
    path("events/<int:pk>/invitations/export.csv", views.export, name="invitation-export"),
    path("events/<int:pk>/waves/", waves.wave_list, name="wave-list"),
    path("waves/<int:pk>/", waves.wave_detail, name="wave-detail"),
    path("waves/<int:pk>/move/", waves.wave_move, name="wave-move"),
    path("waves/<int:pk>/send/", waves.wave_send, name="wave-send"),
    path("waves/<int:pk>/call-off/", waves.wave_call_off, name="wave-call-off"),
    path("waves/<int:pk>/take-out/", waves.wave_take_out, name="wave-take-out"),
    path("invitations/<int:pk>/withdraw/", views.withdraw, name="invitation-withdraw"),
    path("mails/<int:pk>/address/", correcting_views.correct_address, name="invitation-correct-address"),
]
