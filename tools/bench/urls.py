"""All addresses of the product, and beside them the floors (views that do nothing) and the peers."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from config.urls import urlpatterns as ours
from tools.bench import peers


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"")


@csrf_exempt
def no_op(request: HttpRequest) -> HttpResponse:
    """The least a POST can cost: the body is read, nothing is done."""
    request.POST.get("answer")
    return HttpResponse(status=302, headers={"Location": request.path})


urlpatterns = [
    path("bench/empty/", empty),
    path("bench/no-op/", no_op),
    path("bench/django-ical/<slug:tenant>.ics", peers.DjangoIcal()),
    path("bench/plain/<str:token>/", peers.plain_answer),
    *ours,
]
