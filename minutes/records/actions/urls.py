from django.urls import path

from minutes.records.actions import views

urlpatterns = [
    path("actions/", views.list_actions, name="action-list"),
    path("actions/<int:pk>/", views.detail, name="action-detail"),
    path("actions/<int:pk>/edit/", views.edit, name="action-edit"),
    path("actions/<int:pk>/move/", views.move, name="action-move"),
    path("actions/<int:pk>/accept/", views.accept, name="action-accept"),
    path("actions/<int:pk>/revoke/", views.revoke, name="action-revoke"),
]
