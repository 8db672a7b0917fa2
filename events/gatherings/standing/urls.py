from django.urls import path

from events.gatherings.standing import views

urlpatterns = [
    path("directory/organisations/<int:pk>/standing/", views.standing_items, name="standing-items"),
    path("events/<int:pk>/standing/", views.standing_fetch, name="standing-fetch"),
]
