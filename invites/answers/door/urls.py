"""The door list of those who receive, and staff's page for it."""

from django.urls import include, path

from invites.answers.door import public, views

staff = [
    path("events/<int:pk>/door/", views.door_links, name="door-links"),
    path("events/<int:pk>/door/list.pdf", views.door_pdf, name="door-pdf"),
    path("door/<int:pk>/revoke/", views.revoke, name="door-revoke"),
]

urlpatterns = [
    path("door/worker.js", public.worker, name="door-worker"),
    path("door/show/<str:code>/", public.show, name="door-show"),
    path("door/<str:token>/", public.door, name="door"),
    path("door/<str:token>/tick/", public.tick, name="door-tick"),
    path("door/<str:token>/walk-in/", public.walk_in, name="door-walk-in"),
    path("t/<slug:tenant>/", include(staff)),
]
