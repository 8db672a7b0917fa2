"""The language of a signed-in person's pages outside /t/<tenant>/; inside, the guard of staff pages decides."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation


def chosen_language(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: activates the user's language. Without a session cookie it asks nothing of the database."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        page = not request.path_info.startswith(
            "/calendar/"
        )  # feeds are the same for everybody: no Vary: Cookie
        if page and settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            language = request.user.language
            if language:
                translation.activate(language)
                request.LANGUAGE_CODE = language
        return get_response(request)

    return middleware
