from django.urls import path

from events.directory.networks import views

urlpatterns = [
    path("networks/", views.network_list, name="network-list"),
    path("organisations/<int:pk>/members/new/", views.network_member_add, name="network-member-add"),
    path("networks/members/<int:pk>/edit/", views.network_member_edit, name="network-member-edit"),
    path("networks/members/<int:pk>/remove/", views.network_member_remove, name="network-member-remove"),
]
