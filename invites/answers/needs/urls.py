"""Under /t/<tenant>/."""

from django.urls import path

from invites.answers.needs import views

urlpatterns = [
    path("events/<int:pk>/needs/", views.totals, name="need-totals"),
    path("events/<int:pk>/needs/totals.csv", views.totals_csv, name="need-totals-csv"),
    path("events/<int:pk>/needs/people/", views.people, name="need-people"),
    path("events/<int:pk>/needs/ask/", views.ask, name="need-ask"),
]
