"""The staff and the audit trail, under /t/<tenant>/."""

from django.urls import path

from events.tenancy import views

urlpatterns = [
    path("staff/", views.staff_list, name="staff-list"),
    path("staff/new/", views.staff_add, name="staff-add"),
    path("staff/<int:pk>/", views.staff_edit, name="staff-edit"),
    path("staff/<int:pk>/end/", views.staff_end, name="staff-end"),
    path("details/", views.tenant_edit, name="tenant-edit"),
    path("audit/", views.audit_list, name="audit-list"),
]
