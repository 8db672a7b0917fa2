"""Shows a mail's HTML inside a page of ours, without trusting it: a response of its own, for a sandboxed frame.

    <iframe sandbox="allow-top-navigation-by-user-activation" src="…">

The sandbox stands in the header too, so that opening the address by itself is no way round it.
"""

import base64
import hashlib
import re

from django.http import HttpResponse

_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_HEAD = re.compile(r"<head>", re.IGNORECASE)


def framed(html: str) -> HttpResponse:
    """`html` as a mail client would show it: its own style sheet, no script, no picture from elsewhere.

    A click on a link opens it in the whole window, as from a mail client.
    """
    html = html.replace("\r\n", "\n")  # as a browser reads it, before it takes the hash of a style sheet
    response = HttpResponse(_HEAD.sub('<head><base target="_top">', html, count=1))
    response["Content-Security-Policy"] = policy(html)
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def policy(html: str) -> str:
    """Style sheets are allowed by their hashes, so that no `unsafe-inline` is needed."""
    styles = " ".join(f"'sha256-{_sha256(style)}'" for style in _STYLE.findall(html)) or "'none'"
    return (
        f"default-src 'none'; style-src {styles}; img-src data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'self'; sandbox allow-top-navigation-by-user-activation"
    )


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
