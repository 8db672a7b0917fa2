"""Feeds over HTTP: ours under gunicorn, beside nginx that serves the same bytes as a file. CPU of all their processes.

nginx is told nothing of tokens, languages or changes: it is how little a server can do, not a budget.
"""

import http.client
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median

from tools.bench.answer import server
from tools.bench.load import free_port, listening
from tools.bench.measure import Row
from tools.bench.stage import Site, until

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
FILE = "/feed.ics"
CONFIG = """
daemon off; pid {home}/pid; error_log {home}/log; worker_processes 1; {user}
events {{ }}
http {{
  access_log off; client_body_temp_path {home}/a; proxy_temp_path {home}/b; fastcgi_temp_path {home}/c;
  uwsgi_temp_path {home}/d; scgi_temp_path {home}/e; keepalive_requests 1000000; sendfile on;
  server {{ listen 127.0.0.1:{port}; root {home}/www; types {{ text/calendar ics; }} }}
}}
"""


def rows(site: Site, slug: str, size: int, runs: int, requests: int = 2000) -> Iterator[Row]:
    """Unchanged (304) and in full, compressed. Without nginx the rows say so, and hold our own figures."""
    path = f"/calendar/public/{slug}.ics"
    octets = site.expect(200, path, HTTP_ACCEPT_ENCODING="gzip")()[2]
    with server() as port:
        ours = _both(port, path, runs, requests)
    peers: list[float | None] = [None, None]
    if NGINX:
        with _nginx(octets) as port:
            peers = [*_both(port, FILE, runs, requests)]
    told = "beside nginx's static file" if NGINX else "nginx is absent"
    words = (("304", "unchanged feed over HTTP, 304"), ("full", "full feed over HTTP, compressed"))
    for (kind, what), own, peer in zip(words, ours, peers, strict=True):
        ratio = own / peer if peer else None
        yield Row(
            f"feed.nginx.{kind}.n{size}",
            f"{what}, {size} events: {told}",
            own,
            None,
            peer,
            "µs CPU",
            ratio,
            None,
            True,
            runs,
        )


def _both(port: int, path: str, runs: int, requests: int) -> list[float]:
    """Microseconds of processor time a 304 and a full answer take the server on `port`."""
    found = []
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        etag = _ask(connection, path, {}, 200)
        for headers, status in (({"If-None-Match": etag}, 304), ({}, 200)):
            for _warm in range(20):
                _ask(connection, path, headers, status)
            found.append(median(_spent(connection, path, headers, status, requests) for _run in range(runs)))
    return found


def _spent(
    connection: http.client.HTTPConnection, path: str, headers: dict[str, str], status: int, n: int
) -> float:
    before = _busy()
    for _request in range(n):
        _ask(connection, path, headers, status)
    return (_busy() - before) / n / 1000


def _ask(connection: http.client.HTTPConnection, path: str, headers: dict[str, str], status: int) -> str:
    connection.request("GET", path, headers={"Accept-Encoding": "gzip", **headers})
    answer = connection.getresponse()
    answer.read()
    if answer.status != status:
        raise RuntimeError(f"{path} answered {answer.status}, not {status}")
    return answer.headers["ETag"]


def _busy() -> int:
    """Nanoseconds that the processes this one has started were on a processor, theirs too; 0 where Linux is not."""
    return sum(_of(pid) for child in _children(os.getpid()) for pid in (child, *_children(child)))


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def _of(pid: int) -> int:
    return sum(int(task.read_text().split()[0]) for task in Path(f"/proc/{pid}/task").glob("*/schedstat"))


@contextmanager
def _nginx(octets: bytes) -> Iterator[int]:
    port = free_port()
    user = "user root;" if os.getuid() == 0 else ""
    with tempfile.TemporaryDirectory(prefix="moteplass-nginx-") as home:
        (Path(home) / "www").mkdir()
        (Path(home) / "www" / FILE[1:]).write_bytes(octets)
        config = Path(home) / "nginx.conf"
        config.write_text(CONFIG.format(home=home, port=port, user=user), encoding="utf-8")
        process = subprocess.Popen([str(NGINX), "-c", str(config), "-p", home], stderr=subprocess.DEVNULL)
        try:
            until(lambda: listening(port), 30, "nginx")
            yield port
        finally:
            process.terminate()
            process.wait(timeout=20)
