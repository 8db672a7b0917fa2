"""A stand-in for the mail provider with bad days: `python -m tools.chaos.provider LOG PLAN` prints its port and serves.

PLAN is JSON, all of it optional:
    {"seed": 1, "fates": {"500": 0.3, "429": 0.1, "hang": 0.05, "drop": 0.05}, "retry_after": 2, "seconds": 0.002,
     "hang_seconds": 30, "out": [from, to]}
`out` are the seconds since the start between which the answer is 503. LOG gets a JSON line a request: {"at", "id",
"fate", "window"}; `window` is true inside the time that a 429 before asked to wait. It ends when its parent does.
"""

import json
import os
import random
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import IO, Any

TAKEN = ("202", "drop")  # the provider has the mail


class Provider(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, log: IO[str], plan: dict[str, Any]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.log, self.plan = log, plan
        self.dice = random.Random(plan.get("seed", 1))  # noqa: S311 - the same bad luck in every run
        self.turn = threading.Lock()
        self.began = time.monotonic()
        self.wait_until = 0.0

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that was killed is what this is for."""

    def fate(self) -> tuple[str, bool]:
        """What becomes of the next request, and whether it came in a time of waiting. Call with `turn` held."""
        now = time.monotonic() - self.began
        waiting = now < self.wait_until
        start, end = self.plan.get("out", (0, 0))
        if start <= now < end:
            return "503", waiting
        throw = self.dice.random()
        for name, share in self.plan.get("fates", {}).items():
            if throw < share:
                if name == "429":
                    self.wait_until = now + self.plan.get("retry_after", 2)
                return name, waiting
            throw -= share
        return "202", waiting

    def note(self, delivery_id: str, fate: str, waiting: bool) -> None:
        at = round(time.monotonic() - self.began, 4)
        self.log.write(json.dumps({"at": at, "id": delivery_id, "fate": fate, "window": waiting}) + "\n")
        self.log.flush()  # into the kernel: it survives us


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Provider

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.turn:
            fate, waiting = self.server.fate()
            self.server.note(body["custom_args"]["delivery_id"], fate, waiting)
        time.sleep(self.server.plan.get("seconds", 0))
        if fate in ("hang", "drop"):
            if fate == "hang":
                time.sleep(self.server.plan.get("hang_seconds", 30))
            self.close_connection = True
            return
        self.answer(int(fate))

    def answer(self, status: int) -> None:
        self.send_response(status)
        if status == 429:
            self.send_header("Retry-After", str(self.server.plan.get("retry_after", 2)))
        self.send_header("X-Message-Id", "chaos")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Silent."""


def main() -> None:
    parent = os.getppid()
    with open(sys.argv[1], "a", encoding="ascii") as log:
        server = Provider(log, json.loads(sys.argv[2]))
        print(server.server_address[1], flush=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        while os.getppid() == parent:
            time.sleep(0.5)


if __name__ == "__main__":
    main()
