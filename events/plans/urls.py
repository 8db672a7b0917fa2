from django.urls import path

from events.plans import views

urlpatterns = [path("plans/import/", views.plan_import, name="plan-import")]
