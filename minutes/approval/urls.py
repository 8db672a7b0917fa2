from django.urls import path

from minutes.approval import views

urlpatterns = [
    path("events/<int:pk>/minutes/submit/", views.submit, name="minutes-submit"),
    path("events/<int:pk>/minutes/send-back/", views.send_back, name="minutes-send-back"),
    path("events/<int:pk>/minutes/approve/", views.approve, name="minutes-approve"),
]
