from django.urls import path

from minutes.progress.indicators import views

urlpatterns = [
    path("plans/<int:pk>/indicators/", views.indicator_list, name="indicator-list"),
    path("plans/<int:pk>/indicators/new/", views.plan_indicator_create, name="plan-indicator-create"),
    path(
        "measures/<int:pk>/indicators/new/", views.measure_indicator_create, name="measure-indicator-create"
    ),
    path("indicators/<int:pk>/", views.indicator_detail, name="indicator-detail"),
    path("indicators/<int:pk>/edit/", views.indicator_edit, name="indicator-edit"),
    path("indicators/<int:pk>/remove/", views.indicator_remove, name="indicator-remove"),
    path("indicators/<int:pk>/values/new/", views.value_create, name="indicator-value-create"),
    path("indicators/values/<int:pk>/edit/", views.value_edit, name="indicator-value-edit"),
    path("indicators/values/<int:pk>/remove/", views.value_remove, name="indicator-value-remove"),
]
