from django.urls import path

from events.plans.editing import measure_views, views

urlpatterns = [
    path("plans/new/", views.plan_create, name="plan-create"),
    path("plans/<int:pk>/edit/", views.plan_edit, name="plan-edit"),
    path("plans/<int:pk>/adopt/", views.plan_adopt, name="plan-adopt"),
    path("plans/<int:pk>/end/", views.plan_end, name="plan-end"),
    path("plans/<int:pk>/areas/new/", views.area_create, name="plan-area-create"),
    path("plans/areas/<int:pk>/edit/", views.area_edit, name="plan-area-edit"),
    path("plans/areas/<int:pk>/remove/", views.area_remove, name="plan-area-remove"),
    path("plans/<int:pk>/possible/", views.plan_catalogue, name="plan-catalogue"),
    path("plans/possible/<int:pk>/remove/", views.catalogue_remove, name="plan-catalogue-remove"),
    path("plans/<int:pk>/measures/new/", measure_views.measure_create, name="measure-create"),
    path("measures/<int:pk>/edit/", measure_views.measure_edit, name="measure-edit"),
    path("measures/<int:pk>/remove/", measure_views.measure_remove, name="measure-remove"),
    path("measures/<int:pk>/responsible/", measure_views.measure_bodies, name="measure-bodies"),
    path("measures/responsible/<int:pk>/edit/", measure_views.body_edit, name="measure-body-edit"),
    path("measures/responsible/<int:pk>/move/", measure_views.body_move, name="measure-body-move"),
    path("measures/responsible/<int:pk>/remove/", measure_views.body_remove, name="measure-body-remove"),
]
