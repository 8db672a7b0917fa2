"""Our feeds as they are in production: gunicorn with two processes, and if wanted nginx with a cache in front."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection

from tests.calendar.facts import ROOT
from tests.conftest import NGINX
from tests.stage import ON_POSTGRES, POSTGRES_URL
from tools.bench.load import free_port, listening
from tools.bench.stage import until

CACHING = """
daemon off; pid {home}/nginx.pid; error_log {home}/nginx.log; {user}
events {{ }}
http {{
  access_log off; client_body_temp_path {home}/body; proxy_temp_path {home}/proxy; fastcgi_temp_path {home}/f;
  uwsgi_temp_path {home}/u; scgi_temp_path {home}/s; proxy_cache_path {home}/cache keys_zone=feeds:1m;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://127.0.0.1:{behind};
      proxy_set_header Host $http_host;
      proxy_cache feeds;
      proxy_cache_revalidate on;
      proxy_set_header If-None-Match $http_if_none_match;
      add_header X-Cache $upstream_cache_status always;
    }}
  }}
}}
"""


class Served:
    """gunicorn on the tests' own database; `pids` tells which of its processes answered."""

    def __init__(self, port: int, log: Path) -> None:
        self.port, self.log = port, log

    def get(self, path: str, *, port: int = 0, **headers: str) -> tuple[HTTPResponse, bytes]:
        """Over a connection of its own, so that any process may take it."""
        asked = HTTPConnection("127.0.0.1", port or self.port, timeout=60)
        asked.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = asked.getresponse()
        octets = answer.read()
        asked.close()
        return answer, octets

    def statuses(self, path: str) -> set[int]:
        """What all processes answer: asks until each has."""
        self.log.write_text("")
        found: set[int] = set()
        end = time.monotonic() + 60
        while len(set(self.log.read_text().split())) < 2 and time.monotonic() < end:
            found.add(self.get(path)[0].status)
        assert len(set(self.log.read_text().split())) == 2, "one process never answered"
        return found


@contextmanager
def gunicorn(home: Path, *, redis_url: str = "") -> Iterator[Served]:
    port, log = free_port(), home / "pids.log"
    (home / "static").mkdir()
    log.write_text("")
    own = {"DEMO": "1", "TESTING": "0", "VAR_DIR": str(home), "DATABASE_URL": _database()}
    own |= {"BASE_URL": f"http://127.0.0.1:{port}", "REDIS_URL": redis_url}
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "config.wsgi",
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        "2",
    ]
    command += ["--access-logfile", str(log), "--access-logformat", "%(p)s", "--log-level", "error"]
    with _running(command, port, home / "gunicorn.log", own):
        yield Served(port, log)


@contextmanager
def nginx(home: Path, behind: int) -> Iterator[int]:
    """Its port. It keeps what it may, and asks again with If-None-Match."""
    port = free_port()
    user = "user root;" if os.getuid() == 0 else ""
    config = home / "nginx.conf"
    config.write_text(CACHING.format(home=home, port=port, behind=behind, user=user))
    with _running([str(NGINX), "-c", str(config), "-p", str(home)], port, home / "nginx.out"):
        yield port


@contextmanager
def _running(command: list[str], port: int, log: Path, own: dict[str, str] | None = None) -> Iterator[None]:
    with log.open("wb") as out:
        program = subprocess.Popen(command, cwd=ROOT, env=os.environ | (own or {}), stdout=out, stderr=out)
    try:
        until(lambda: listening(port), 60, log.read_text() or command[0])
        yield
    finally:
        program.terminate()
        program.wait(20)


def _database() -> str:
    name = connection.settings_dict["NAME"]
    return urlsplit(POSTGRES_URL)._replace(path=f"/{name}").geturl() if ON_POSTGRES else f"sqlite:///{name}"
