from django.urls import include, path

from events.campaigns import views

urlpatterns = [
    path("campaigns/", views.campaign_list, name="campaign-list"),
    path("campaigns/new/", views.campaign_create, name="campaign-create"),
    path("campaigns/<int:pk>/", views.campaign_detail, name="campaign-detail"),
    path("campaigns/<int:pk>/edit/", views.campaign_edit, name="campaign-edit"),
    path("campaigns/<int:pk>/open/", views.campaign_open, name="campaign-open"),
    path("campaigns/<int:pk>/close/", views.campaign_close, name="campaign-close"),
    path("campaigns/<int:pk>/ask/", views.campaign_ask, name="campaign-ask"),
    path("campaigns/<int:pk>/board/", views.campaign_board, name="campaign-board"),
    path(
        "campaigns/<int:pk>/participants/<int:participant>/withdraw/",
        views.campaign_withdraw,
        name="campaign-withdraw",
    ),
    path("", include("events.campaigns.taking_part.urls")),
    path("", include("events.campaigns.networks.urls")),
]
