from django.urls import path

from events.directory.imports import views

urlpatterns = [
    path("directory/imports/", views.batch_list, name="import-list"),
    path("directory/imports/new/", views.start, name="import-start"),
    path("directory/imports/draft/<int:pk>/columns/", views.columns, name="import-columns"),
    path("directory/imports/draft/<int:pk>/", views.preview, name="import-preview"),
    path("directory/imports/draft/<int:pk>/discard/", views.discard, name="import-discard"),
    path("directory/imports/<int:pk>/", views.batch_detail, name="import-detail"),
    path("directory/imports/<int:pk>/undo/", views.undo, name="import-undo"),
    path("directory/contacts.csv", views.export_csv, name="contact-export-csv"),
    path("directory/contacts.vcf", views.export_vcards, name="contact-export-vcards"),
]
