from django.urls import include, path

from events.plans import views

urlpatterns = [
    path("plans/import/", views.plan_import, name="plan-import"),
    path("", include("events.plans.editing.urls")),
    path("", include("events.plans.recommending.urls")),
    path("", include("events.plans.documents.urls")),
    path("", include("events.plans.succession.urls")),
]
