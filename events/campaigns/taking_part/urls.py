from django.urls import path

from events.campaigns.taking_part import views

urlpatterns = [
    path("campaigns/joined/<int:pk>/", views.campaign_joined, name="campaign-joined"),
    path("campaigns/joined/<int:pk>/join/", views.campaign_join, name="campaign-join"),
    path("campaigns/joined/<int:pk>/decline/", views.campaign_decline, name="campaign-decline"),
    path("campaigns/joined/<int:pk>/leave/", views.campaign_leave, name="campaign-leave"),
    path("campaigns/joined/<int:pk>/link/", views.campaign_link, name="campaign-link"),
    path("campaigns/joined/<int:pk>/learned/", views.campaign_learn, name="campaign-learn"),
    path("campaigns/meetings/<int:pk>/edit/", views.campaign_link_edit, name="campaign-link-edit"),
    path("campaigns/meetings/<int:pk>/remove/", views.campaign_unlink, name="campaign-unlink"),
]
