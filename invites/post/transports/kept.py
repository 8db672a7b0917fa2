"""One HTTP connection that stays open, for requests of which we must know how far they came.

http.client without its request half: the head is the same each time, and writing it anew costs as much as the rest.
"""

import http.client
import select
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

IDLE_SECONDS = 4.0  # after which the server may be about to close the connection: a new one is safer
BROKEN = (OSError, http.client.HTTPException)


class NotSent(Exception):
    """Nothing of the request left this machine."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


class KeptConnection:
    def __init__(self, base_url: str, *, connect_seconds: float, answer_seconds: float) -> None:
        parts = urlsplit(base_url)
        self.path, self.host = parts.path.rstrip("/"), parts.netloc.rpartition("@")[2]
        self.connect_seconds, self.answer_seconds = connect_seconds, answer_seconds
        if parts.scheme == "https":
            context = ssl.create_default_context()
            self.http: http.client.HTTPConnection = http.client.HTTPSConnection(self.host, context=context)
        else:
            self.http = http.client.HTTPConnection(self.host)
        self.used_at = 0.0

    def head(self, path: str, headers: dict[str, str]) -> bytes:
        """What `post` begins with. Raises ValueError for a header that would end it."""
        lines = [f"POST {self.path}{path} HTTP/1.1", f"Host: {self.host}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if any("\r" in line or "\n" in line for line in lines):
            raise ValueError("a line end in a header")
        return "\r\n".join(lines).encode("latin-1")

    def post(self, head: bytes, body: bytes) -> Answer:
        """Raises NotSent, or OSError or HTTPException when nobody knows whether the request came through."""
        self._connect()
        try:
            self.http.sock.sendall(b"%b\r\nContent-Length: %d\r\n\r\n%b" % (head, len(body), body))
            response = http.client.HTTPResponse(self.http.sock, method="POST")
            response.begin()
        except BaseException:
            self.close()
            raise
        return self._read(response)

    def close(self) -> None:
        self.http.close()

    def _connect(self) -> None:
        """A connection that was closed meanwhile, or may be soon, is left before anything is said on it."""
        if self.http.sock is not None:
            gone, _writable, _broken = select.select([self.http.sock], [], [], 0)
            if not gone and time.monotonic() - self.used_at < IDLE_SECONDS:
                return
            self.close()
        self.http.timeout = self.connect_seconds
        try:
            self.http.connect()
        except BROKEN as error:
            self.close()
            raise NotSent(type(error).__name__) from error
        self.http.sock.settimeout(self.answer_seconds)

    def _read(self, response: http.client.HTTPResponse) -> Answer:
        """The status is what counts: when the body breaks off, the answer stands without it."""
        body, whole = b"", False
        with suppress(*BROKEN):
            body = response.read(64 * 1024)
            whole = response.isclosed() or not response.read(1)
        if response.will_close or not whole:
            self.close()
        response.close()
        self.used_at = time.monotonic()
        return Answer(response.status, response.headers, body)
