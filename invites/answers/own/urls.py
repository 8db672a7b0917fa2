"""The person's own pages. `rsvp/` and the first part of a path are not translated: mails hold these links."""

from django.urls import path

from invites.answers.own import public

urlpatterns = [
    path("rsvp/<str:token>/about-me/", public.own_start, name="own-start"),
    path("me/address/<str:token>/", public.own_address, name="own-address"),
    path("me/<str:token>/", public.own_page, name="own-page"),
    path("me/<str:token>/about-me.json", public.own_export, name="own-export"),
    path("me/<str:token>/correct/", public.own_correct, name="own-correct"),
    path("me/<str:token>/object/", public.own_object, name="own-object"),
    path("me/<str:token>/withdraw/", public.own_withdraw, name="own-withdraw"),
    path("me/<str:token>/needs/", public.own_needs, name="own-needs"),
    path("me/<str:token>/erase/", public.own_erase, name="own-erase"),
]
