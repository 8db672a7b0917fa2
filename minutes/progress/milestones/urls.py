from django.urls import path

from minutes.progress.milestones import views

urlpatterns = [
    path("measures/<int:pk>/milestones/new/", views.milestone_create, name="milestone-create"),
    path("milestones/<int:pk>/edit/", views.milestone_edit, name="milestone-edit"),
    path("milestones/<int:pk>/reached/", views.milestone_reached, name="milestone-reached"),
    path("milestones/<int:pk>/undo/", views.milestone_undo, name="milestone-undo"),
    path("milestones/<int:pk>/remove/", views.milestone_remove, name="milestone-remove"),
]
