"""One HTTP connection that stays open, for requests of which we must know how far they came.

http.client without what costs it most of its time: the head, which is the same for each request, is not written anew,
and a plain answer that came in one piece is read here. Every other answer is left to http.client.
"""

import http.client
import io
import re
import select
import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

IDLE_SECONDS = 4.0  # after which the server may be about to close the connection: a new one is safer
BROKEN = (OSError, http.client.HTTPException)
AT_ONCE = 64 * 1024
_HEAD = re.compile(rb"HTTP/1\.1 ([2-5]\d\d) ?[^\r\n]*((?:\r\n[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\r\n]*)*)\r\n\r\n")


class NotSent(Exception):
    """Nothing of the request left this machine."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]  # by their names in lower case
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
            data = self.http.sock.recv(AT_ONCE)
            if plain := _plain(data):
                self.used_at = time.monotonic()
                return plain
            response = http.client.HTTPResponse(_Resumed(data, self.http.sock), method="POST")  # type: ignore[arg-type]
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
            body = response.read(AT_ONCE)
            whole = response.isclosed() or not response.read(1)
        if response.will_close or not whole:
            self.close()
        response.close()
        self.used_at = time.monotonic()
        return Answer(response.status, {name.lower(): text for name, text in response.getheaders()}, body)


def _plain(data: bytes) -> Answer | None:
    """The answer, when it is whole and plain: each header once, a length, and nothing after the body."""
    head = _HEAD.match(data)
    if head is None:
        return None
    lines = head[2].decode("latin-1").split("\r\n")[1:]
    headers = {
        name.lower(): text.strip(" \t") for name, _colon, text in (line.partition(":") for line in lines)
    }
    body = data[head.end() :]
    if len(headers) != len(lines) or "transfer-encoding" in headers:
        return None
    if (
        headers.get("content-length") != str(len(body))
        or headers.get("connection", "keep-alive") != "keep-alive"
    ):
        return None
    return Answer(int(head[1]), headers, body)


class _Resumed(io.RawIOBase):
    """Stands for a socket whose first octets were read already."""

    def __init__(self, begun: bytes, rest: socket.socket) -> None:
        self.begun, self.rest = begun, rest

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self.begun:
            return self.rest.recv_into(buffer)
        taken, self.begun = self.begun[: len(buffer)], self.begun[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)
