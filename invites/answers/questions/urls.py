"""Under /t/<tenant>/."""

from django.urls import path

from invites.answers.questions import views

urlpatterns = [
    path("events/<int:pk>/questions/", views.question_list, name="question-list"),
    path("events/<int:pk>/questions/new/", views.question_add, name="question-add"),
    path("events/<int:pk>/questions/results/", views.question_results, name="question-results"),
    path("questions/<int:pk>/", views.question_edit, name="question-edit"),
    path("questions/<int:pk>/move/", views.question_move, name="question-move"),
    path("questions/<int:pk>/close/", views.question_close, name="question-close"),
    path("questions/<int:pk>/remove/", views.question_remove, name="question-remove"),
    path("questions/<int:pk>/answers/", views.question_answers, name="question-answers"),
]
