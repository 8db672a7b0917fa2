"""Many clients at once, each on a connection of its own that stays open. Raw sockets: a client must cost little."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import closing
from itertools import count

SAYINGS = ("accepted", "declined", "tentative")  # every answer changes the one before


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def listening(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Load:
    def __init__(self, port: int) -> None:
        self.port = port
        self.failed = 0

    def rate(
        self, path: Callable[[int], str], requests: int, clients: int, *, first: int = 0, strict: bool = True
    ) -> float:
        """POSTs a second, `requests` of them by `clients` at once. Raises when any fails and `strict`."""
        self.failed = 0
        numbers, turn = count(first), threading.Lock()
        end = first + requests

        def client() -> None:
            with closing(socket.create_connection(("127.0.0.1", self.port), timeout=60)) as connection:
                while True:
                    with turn:
                        number = next(numbers)
                    if number >= end:
                        return
                    self._post(connection, path(number), SAYINGS[number // 400 % 3])

        threads = [threading.Thread(target=client) for _n in range(clients)]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if strict and self.failed:
            raise RuntimeError(f"{self.failed} of {requests} answers failed")
        return requests / (time.perf_counter() - began)

    def _post(self, connection: socket.socket, path: str, saying: str) -> None:
        body = f"answer={saying}&comment="
        connection.sendall(
            (
                f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nContent-Length: {len(body)}\r\n"
                f"Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}"
            ).encode()
        )
        status = self._status(connection)
        if status not in (302, 303):
            self.failed += 1

    @staticmethod
    def _status(connection: socket.socket) -> int:
        """Reads one response to its end, which its Content-Length names."""
        data = b""
        while b"\r\n\r\n" not in data:
            more = connection.recv(65536)
            if not more:
                raise ConnectionError("the server closed the connection")
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
        missing = int(fields.get(b"content-length", b"0")) - len(body)
        while missing > 0:
            missing -= len(connection.recv(65536))
        return int(head.split(b" ", 2)[1])
