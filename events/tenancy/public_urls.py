"""Beside allauth's own, under /accounts/."""

from django.urls import path

from events.tenancy import public

urlpatterns = [path("demo/", public.demo_sign_in, name="demo-sign-in")]
