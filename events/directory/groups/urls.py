from django.urls import path

from events.directory.groups import views

urlpatterns = [
    path("groups/", views.group_list, name="group-list"),
    path("groups/new/", views.group_create, name="group-create"),
    path("groups/<int:pk>/", views.group_detail, name="group-detail"),
    path("groups/<int:pk>/edit/", views.group_edit, name="group-edit"),
    path("groups/<int:pk>/remove/", views.group_remove, name="group-remove"),
    path("groups/<int:pk>/members/add/", views.group_member_add, name="group-member-add"),
    path("groups/<int:pk>/members/remove/", views.group_member_remove, name="group-member-remove"),
    path("contacts/<int:pk>/groups/add/", views.contact_group_add, name="contact-group-add"),
]
