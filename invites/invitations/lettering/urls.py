"""Under /t/<tenant>/."""

from django.urls import path

from invites.invitations.lettering import views

urlpatterns = [
    path("events/<int:pk>/letters/", views.letter_list, name="invitation-letters"),
    path("events/<int:pk>/letters/letters.pdf", views.letters_pdf, name="invitation-letters-pdf"),
    path("events/<int:pk>/letters/invite/", views.invite, name="invitation-letters-invite"),
]
