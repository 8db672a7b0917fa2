"""Security headers that neither Django nor django-csp sets."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

PERMISSIONS = (
    "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), "
    "midi=(), payment=(), publickey-credentials-get=(self), publickey-credentials-create=(self), usb=()"
)


def security_headers(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: Cross-Origin-Opener-Policy comes from Django; this adds the rest, and `no-store`."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        # Whatever does not say that it is public is private: account pages, errors, redirects (DESIGN, issue 2).
        response.setdefault("Cache-Control", "private, no-store")
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("Permissions-Policy", PERMISSIONS)
        return response

    return middleware
