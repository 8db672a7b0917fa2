from django.urls import path

from events.plans.recommending import views

urlpatterns = [
    path("plans/<int:pk>/recommendations/", views.recommendation_list, name="plan-recommendations"),
    path("plans/<int:pk>/expert-groups/new/", views.group_create, name="plan-group-create"),
    path("plans/expert-groups/<int:pk>/edit/", views.group_edit, name="plan-group-edit"),
    path(
        "plans/expert-groups/<int:pk>/recommendations/new/",
        views.recommendation_create,
        name="plan-recommendation-create",
    ),
    path("plans/recommendations/<int:pk>/edit/", views.recommendation_edit, name="plan-recommendation-edit"),
]
