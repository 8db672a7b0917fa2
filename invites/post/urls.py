"""The demo's mailbox, and staff's page of mails in trouble."""

from django.urls import include, path

from invites.post import public, views

staff = [
    path("mails/", views.mail_trouble, name="mail-trouble"),
    path("mails/<int:pk>/again/", views.mail_send_again, name="mail-send-again"),
    path("mails/<int:pk>/sent/", views.mail_treat_as_sent, name="mail-treat-as-sent"),
]

urlpatterns = [
    path("mailbox/", public.mailbox, name="mailbox"),
    path("mailbox/<str:name>/", public.mailbox_mail, name="mailbox-mail"),
    path("mailbox/<str:name>/body/", public.mailbox_body, name="mailbox-body"),
    path("mailbox/<str:name>/raw/", public.mailbox_raw, name="mailbox-raw"),
    path("t/<slug:tenant>/", include(staff)),
]
