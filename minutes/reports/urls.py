from django.urls import path

from minutes.reports import views

urlpatterns = [
    path("plans/", views.plan_list, name="plan-list"),
    path("plans/<int:pk>/", views.plan_detail, name="plan-detail"),
    path("measures/<int:pk>/", views.measure_detail, name="measure-detail"),
]
