"""A mail provider that takes everything, in a process of its own: `python -m tools.bench.sink` prints its port.

It does the least that a provider does: it reads each message and answers 202 with an id of its own. GET tells how many
it took and when the last came. It stops when its standard input closes.
"""

import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Sink(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.deliveries: set[str] = set()
        self.taken, self.last, self.turn = 0, 0.0, threading.Lock()

    def take(self, message: dict[str, dict[str, str]]) -> int:
        with self.turn:
            self.deliveries.add(message["custom_args"]["delivery_id"])
            self.taken, self.last = self.taken + 1, time.time()
            return self.taken


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Sink

    def do_POST(self) -> None:
        number = self.server.take(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self._answer(202, b"", ("X-Message-Id", f"sink-{number}"))

    def do_GET(self) -> None:
        sink = self.server
        said = {"taken": sink.taken, "different": len(sink.deliveries), "last": sink.last}
        self._answer(200, json.dumps(said).encode(), ("Content-Type", "application/json"))

    def _answer(self, status: int, body: bytes, header: tuple[str, str]) -> None:
        self.send_response(status)
        self.send_header(*header)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


def main() -> None:
    with Sink() as sink:
        print(sink.server_address[1], flush=True)
        threading.Thread(target=sink.serve_forever, daemon=True).start()
        sys.stdin.read()


if __name__ == "__main__":
    main()
