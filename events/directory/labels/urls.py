from django.urls import path

from events.directory.labels import views

urlpatterns = [
    path("types/", views.type_list, name="type-list"),
    path("types/new/", views.type_create, name="type-create"),
    path("types/<int:pk>/edit/", views.type_edit, name="type-edit"),
    path("types/<int:pk>/remove/", views.type_remove, name="type-remove"),
    path("tags/", views.tag_list, name="tag-list"),
    path("tags/<int:pk>/edit/", views.tag_edit, name="tag-edit"),
    path("tags/<int:pk>/remove/", views.tag_remove, name="tag-remove"),
]
