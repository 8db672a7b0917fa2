from django.urls import path

from events.plans.documents import views

urlpatterns = [
    path("plans/<int:pk>/documents/", views.document_list, name="plan-documents"),
    path("plans/documents/<int:pk>/", views.document_file, name="plan-document"),
    path("plans/documents/<int:pk>/remove/", views.document_remove, name="plan-document-remove"),
]
