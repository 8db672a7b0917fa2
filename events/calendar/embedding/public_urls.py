from django.urls import path

from events.calendar.embedding import public

urlpatterns = [path("<slug:tenant>/", public.embed, name="embed")]
