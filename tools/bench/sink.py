"""A mail provider that takes everything, in a process of its own: `python -m tools.bench.sink` prints its port.

It does the least that a provider does: it reads each message and answers 202 with an id of its own. The real one has
machines of its own, and this one shares ours with what is measured, so it is one loop over plain sockets. GET tells how
many it took and when the last came. It stops when its standard input closes.
"""

import json
import re
import selectors
import socket
import sys
import time

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
_DELIVERY = re.compile(rb'"delivery_id": ?"([0-9a-f-]{36})"')
AT_ONCE = 256 * 1024


class Sink:
    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.deliveries: set[bytes] = set()
        self.taken, self.last = 0, 0.0

    def serve(self) -> None:
        """Until standard input closes."""
        unread: dict[socket.socket, bytes] = {}
        with selectors.DefaultSelector() as waiting:
            waiting.register(self.socket, selectors.EVENT_READ)
            waiting.register(sys.stdin, selectors.EVENT_READ)
            while True:
                for key, _events in waiting.select():
                    if key.fileobj is sys.stdin:
                        return
                    if key.fileobj is self.socket:
                        caller, _address = self.socket.accept()
                        caller.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                        waiting.register(caller, selectors.EVENT_READ)
                        unread[caller] = b""
                    else:
                        self._read(key.fileobj, unread, waiting)  # type: ignore[arg-type]

    def _read(
        self, caller: socket.socket, unread: dict[socket.socket, bytes], waiting: selectors.BaseSelector
    ) -> None:
        try:
            more = caller.recv(AT_ONCE)
            if more:
                unread[caller] = self._answered(caller, unread[caller] + more)
                return
        except ConnectionError:
            """The caller is gone."""
        waiting.unregister(caller)
        del unread[caller]
        caller.close()

    def _answered(self, caller: socket.socket, data: bytes) -> bytes:
        """What is left of `data` when the requests that are whole are answered."""
        while (end := data.find(b"\r\n\r\n")) >= 0:
            head = data[: end + 2]
            length = _LENGTH.search(head)
            size = end + 4 + (int(length[1]) if length else 0)
            if len(data) < size:
                break
            self._answer(caller, head, data[end + 4 : size])
            data = data[size:]
        return data

    def _answer(self, caller: socket.socket, head: bytes, body: bytes) -> None:
        if head.startswith(b"GET"):
            said = {"taken": self.taken, "different": len(self.deliveries), "last": self.last}
            text = json.dumps(said).encode()
            caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(text), text))
            return
        delivery = _DELIVERY.search(body)
        if delivery is None:
            caller.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            return
        self.deliveries.add(delivery[1])
        self.taken, self.last = self.taken + 1, time.time()
        caller.sendall(ACCEPTED % self.taken)


# The header lines SendGrid answers with.
ACCEPTED = (
    b"HTTP/1.1 202 Accepted\r\nServer: nginx\r\nDate: Fri, 27 Nov 2026 12:00:00 GMT\r\nContent-Length: 0\r\n"
    b"Connection: keep-alive\r\nX-Message-Id: sink-%d\r\nAccess-Control-Allow-Origin: https://sendgrid.api-docs.io\r\n"
    b"Access-Control-Allow-Methods: POST\r\nAccess-Control-Max-Age: 600\r\nX-No-CORS-Reason: none\r\n\r\n"
)


def main() -> None:
    sink = Sink()
    print(sink.socket.getsockname()[1], flush=True)
    sink.serve()


if __name__ == "__main__":
    main()
