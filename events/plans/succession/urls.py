from django.urls import path

from events.plans.succession import views

urlpatterns = [
    path("plans/<int:pk>/succeed/", views.plan_succeed, name="plan-succeed"),
    path("plans/<int:pk>/mapping/", views.plan_mapping, name="plan-mapping"),
    path("measures/<int:pk>/mapping/", views.measure_step, name="measure-step"),
]
