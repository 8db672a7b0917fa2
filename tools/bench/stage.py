"""The stage of a benchmark: a database of its own, our settings, and requests without a network."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

Response = tuple[str, dict[str, str], bytes]


@contextmanager
def stage() -> Iterator[Path]:
    """Sets the environment before Django reads it, and makes an empty database. For a whole process, once."""
    with tempfile.TemporaryDirectory(prefix="moteplass-bench-") as folder:
        own = {
            "VAR_DIR": folder,
            "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
            "DEMO": "1",
            "TESTING": "0",
            "MAIL_TRANSPORT": "file",
            "DJANGO_SETTINGS_MODULE": "tools.bench.settings",
        }
        for name in ("SECRET_KEY", "BASE_URL", "ALLOWED_HOSTS", "REDIS_URL", "PORT", "DEBUG"):
            os.environ.pop(name, None)
        os.environ.update(own)
        (Path(folder) / "static").mkdir()
        migrated()
        yield Path(folder)


def migrated() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


class Site:
    """The product as a WSGI server calls it: all middleware, no socket, no test client."""

    def __init__(self) -> None:
        from django.core.wsgi import get_wsgi_application

        self.application = get_wsgi_application()

    def get(self, path: str, **headers: str) -> Response:
        """Status, headers and body. `headers` are named as WSGI names them (HTTP_IF_NONE_MATCH)."""
        said: dict[str, Any] = {}
        path, _, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "127.0.0.1:8000",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
            **headers,
        }

        def start(
            status: str, found: list[tuple[str, str]], _error: Any = None, /
        ) -> Callable[[bytes], object]:
            said.update(status=status, found=found)
            return bytearray().extend

        parts = self.application(environ, start)
        try:
            body = b"".join(parts)
        finally:
            if close := getattr(parts, "close", None):
                close()
        return said["status"], dict(said["found"]), body

    def expect(self, status: int, path: str, **headers: str) -> Callable[[], Response]:
        """A work for `measure.cpu` that must be answered with `status`, so that no error is ever measured."""

        def ask() -> Response:
            answer = self.get(path, **headers)
            if not answer[0].startswith(str(status)):
                raise RuntimeError(f"{path} answered {answer[0]}, not {status}")
            return answer

        return ask


def until(ready: Callable[[], bool], seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} was not ready after {seconds:.0f} s")
        time.sleep(0.05)
