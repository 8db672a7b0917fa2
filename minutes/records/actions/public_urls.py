"""The owner's page. The first part of the path is not translated: mails hold this link."""

from django.urls import path

from minutes.records.actions import public

urlpatterns = [path("action/<str:token>/", public.action_answer, name="action-answer")]
