"""The provider's hook, staff's page of mails in trouble, and the demo's mailbox."""

from django.urls import include, path

from invites.post import public, views, webhooks

staff = [
    path("mails/", views.mail_trouble, name="mail-trouble"),
    path("mails/settle/", views.mail_settle_many, name="mail-settle-many"),
    path("mails/<int:pk>/again/", views.mail_send_again, name="mail-send-again"),
    path("mails/<int:pk>/sent/", views.mail_treat_as_sent, name="mail-treat-as-sent"),
    path("mails/<int:pk>/done/", views.mail_deal_with, name="mail-deal-with"),
]

urlpatterns = [
    path("hooks/sendgrid/events/", webhooks.sendgrid_events_hook, name="hook-sendgrid-events"),
    path("mailbox/", public.mailbox, name="mailbox"),
    path("mailbox/<str:name>/", public.mailbox_mail, name="mailbox-mail"),
    path("mailbox/<str:name>/body/", public.mailbox_body, name="mailbox-body"),
    path("mailbox/<str:name>/raw/", public.mailbox_raw, name="mailbox-raw"),
    path("t/<slug:tenant>/", include(staff)),
]
