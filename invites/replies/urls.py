"""The provider's hook for mail that comes in, and staff's page of what waits for them."""

from django.urls import include, path

from invites.replies import views, webhooks

staff = [
    path("replies/", views.reply_list, name="reply-list"),
    path("replies/<int:pk>/apply/", views.reply_apply, name="reply-apply"),
    path("replies/<int:pk>/dismiss/", views.reply_dismiss, name="reply-dismiss"),
]

urlpatterns = [
    path(
        "hooks/sendgrid/inbound/<str:secret>/", webhooks.sendgrid_inbound_hook, name="hook-sendgrid-inbound"
    ),
    path("t/<slug:tenant>/", include(staff)),
]
