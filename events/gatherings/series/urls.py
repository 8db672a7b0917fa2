from django.urls import path

from events.gatherings.series import views

urlpatterns = [
    path("events/<int:pk>/repeat/", views.event_repeat, name="event-repeat"),
    path("events/<int:pk>/edit-series/", views.event_edit_all, name="event-edit-all"),
    path("series/<int:pk>/", views.series_detail, name="series-detail"),
    path("series/<int:pk>/extend/", views.series_extend, name="series-extend"),
    path("series/<int:pk>/publish/", views.series_publish, name="series-publish"),
]
