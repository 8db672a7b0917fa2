"""Runs the demo: prepares database and data, starts web and worker, prints the logins, stops all it started.

`make demo` calls it. Everything it writes lies under $VAR_DIR. Standard library only.
"""

import contextlib
import hashlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
ACCOUNTS = [
    ("coordinator@sandefjord.example", "plans meetings, invites, follows up"),
    ("minutes@sandefjord.example", "writes minutes"),
    ("reader@sandefjord.example", "reads only"),
    ("coordinator@kristiansand.example", "another municipality: sees none of Sandefjord's"),
    ("national@ministry.example", "coordinates the campaign, sees totals"),
]
START_SECONDS = 60  # until /healthz answers
STOP_SECONDS = 10  # between asking a child to stop and killing it
RESTARTS = 5  # of the worker within RESTART_WINDOW seconds, then give up
RESTART_WINDOW = 60


class DemoError(Exception):
    """One clear line for the person at the terminal."""


class Demo:
    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.parent = os.getppid() if "--with-parent" in sys.argv[1:] else None
        self.port = self._port()
        self.var_dir = Path(os.environ.get("VAR_DIR") or "var").absolute()
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.worker_starts: list[float] = []
        self.env = dict(os.environ)

    # --- Before anything starts ---------------------------------------------------------------------------------
    @staticmethod
    def _port() -> int:
        text = os.environ.get("PORT") or "8000"
        if not text.isdigit() or not 0 < int(text) < 65536:
            raise DemoError(f"PORT must be a number between 1 and 65535, not {text!r}.")
        return int(text)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def check_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.port))
            except PermissionError as error:
                raise DemoError(f"This user may not open port {self.port}; try PORT=8000.") from error
            except OSError as error:
                raise DemoError(
                    f"Port {self.port} is taken. Stop what uses it, or choose another: "
                    f"PORT={self.port % 65000 + 1} make demo"
                ) from error

    def kept_secret(self, name: str, length: int) -> str:
        """Made once and kept in a file only this user can read, so that it stays the same from run to run."""
        path = self.var_dir / name
        with contextlib.suppress(FileExistsError):
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(length) + "\n")
        return path.read_text(encoding="ascii").strip()

    def prepare(self) -> None:
        for folder in (self.var_dir, self.var_dir / "logs"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in ("web", "worker"):
            self.log(name).unlink(missing_ok=True)
        for name in ("TESTING", "DEBUG"):
            self.env.pop(name, None)
        self.env |= {
            "DEMO": "1",
            "VAR_DIR": str(self.var_dir),
            "PYTHONUNBUFFERED": "1",
            "PORT": str(self.port),
        }
        defaults: dict[str, Callable[[], str]] = {
            "BASE_URL": lambda: self.address,
            "SECRET_KEY": lambda: self.kept_secret("secret_key", 48),
            "DEMO_PASSWORD": lambda: self.kept_secret("demo_password", 12),
        }
        for name, default in defaults.items():
            if not self.env.get(name) and not self.env.get(f"{name}_FILE"):
                self.env[name] = default()

    # --- Steps that end -----------------------------------------------------------------------------------------
    def collect_static(self) -> None:
        """Compressing takes seconds, so it is skipped while nothing it reads has changed."""
        sources = [path for path in sorted((ROOT / "static").rglob("*")) if path.is_file()]
        sources += [ROOT / name for name in ("config/settings.py", "requirements.txt", "package-lock.json")]
        state = hashlib.sha256(
            b"".join(path.name.encode() + path.read_bytes() for path in sources)
        ).hexdigest()
        stamp, made = self.var_dir / "static.stamp", self.var_dir / "static" / "staticfiles.json"
        if made.exists() and stamp.exists() and stamp.read_text(encoding="ascii") == state:
            return
        self.step("static files", "collectstatic", "--no-input", "--verbosity=0")
        if not self.stopping.is_set():
            stamp.write_text(state, encoding="ascii")

    def step(self, title: str, *arguments: str) -> None:
        """Runs `manage.py ...` to its end, in a group of its own so that stopping reaches it too."""
        print(f"  {title} …", end=" ", flush=True)
        begun = time.monotonic()
        child = self.spawn(title, [str(BIN / "python"), "manage.py", *arguments], subprocess.PIPE)
        said = b""
        if child.stdout is not None:
            said = child.stdout.read()
        code = child.wait()
        del self.children[title]
        if self.stopping.is_set():
            print("stopped", flush=True)
            return
        if code:
            print("failed", flush=True)
            raise DemoError(f"manage.py {arguments[0]} failed with {code}:\n{tail(said)}")
        print(f"{time.monotonic() - begun:.1f} s", flush=True)

    # --- Children that stay -------------------------------------------------------------------------------------
    def spawn(self, name: str, command: Sequence[str], output: int) -> subprocess.Popen[bytes]:
        child = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.children[name] = child
        return child

    def log(self, name: str) -> Path:
        return self.var_dir / "logs" / f"{name}.log"

    def start(self, name: str, *command: str) -> None:
        with self.log(name).open("ab") as log:
            self.spawn(name, command, log.fileno())

    def start_web(self) -> None:
        self.start(
            "web",
            str(BIN / "gunicorn"),
            "config.wsgi",
            f"--bind=127.0.0.1:{self.port}",
            "--worker-class=gthread",
            "--workers=2",
            "--threads=4",
            "--graceful-timeout=5",
        )

    def start_worker(self) -> None:
        now = time.monotonic()
        self.worker_starts = [at for at in self.worker_starts if now - at < RESTART_WINDOW] + [now]
        if len(self.worker_starts) > RESTARTS:
            raise DemoError(f"The worker died {RESTARTS} times within a minute:\n{self.last_words('worker')}")
        self.start("worker", str(BIN / "python"), "manage.py", "qcluster")

    def last_words(self, name: str) -> str:
        return tail(self.log(name).read_bytes())

    def wait_until_alive(self) -> None:
        print("  starting web and worker …", end=" ", flush=True)
        begun = time.monotonic()
        while not self.stopping.is_set():
            self.check_web()
            if self.is_alive():
                print(f"{time.monotonic() - begun:.1f} s", flush=True)
                return
            if time.monotonic() - begun > START_SECONDS:
                raise DemoError(
                    f"/healthz did not answer within {START_SECONDS} s:\n{self.last_words('web')}"
                )
            self.stopping.wait(0.1)

    def is_alive(self) -> bool:
        host = urlsplit(self.env["BASE_URL"]).netloc
        request = urllib.request.Request(f"{self.address}/healthz", headers={"Host": host})  # noqa: S310 (our own)
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with direct.open(request, timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def check_web(self) -> None:
        code = self.children["web"].poll()
        if code is not None:
            raise DemoError(f"The web server stopped with {code}:\n{self.last_words('web')}")

    def watch(self) -> None:
        """Until somebody stops us. A dead worker is started again: rows say what is due, nothing is lost."""
        while not self.stopping.wait(0.5):
            if self.parent not in (None, os.getppid()):  # make was killed outright: do not outlive it
                return
            self.check_web()
            code = self.children["worker"].poll()
            if code is not None and not self.stopping.is_set():
                print(f"The worker stopped with {code} and is started again.", file=sys.stderr, flush=True)
                end_group(self.children["worker"])
                self.start_worker()

    # --- The end ------------------------------------------------------------------------------------------------
    def ask_to_stop(self, number: int, _frame: object) -> None:
        self.stopping.set()
        for child in list(self.children.values()):
            with contextlib.suppress(ProcessLookupError):
                child.send_signal(signal.SIGTERM)

    def stop_all(self) -> None:
        self.ask_to_stop(signal.SIGTERM, None)
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.children.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(0.1, deadline - time.monotonic()))
            end_group(child)
            child.wait()

    # --- The whole ----------------------------------------------------------------------------------------------
    def greet(self) -> None:
        width = max(len(account) for account, _ in ACCOUNTS)
        print(f"\nMøteplass runs at {self.env['BASE_URL'].rstrip('/')}/\n")
        for account, purpose in ACCOUNTS:
            print(f"  {account:<{width}}  {purpose}")
        print(f"\n  password of all five: {self.password()}")
        print(f"  mail goes to: {self.mail_goes_to()}")
        print(f"  logs: {self.var_dir / 'logs'}\n\nCtrl-C stops it.", flush=True)

    def password(self) -> str:
        return self.env.get("DEMO_PASSWORD") or f"in the file {self.env['DEMO_PASSWORD_FILE']}"

    def mail_goes_to(self) -> str:
        transport = self.env.get("MAIL_TRANSPORT") or "file"
        if transport == "smtp":
            server = urlsplit(self.env.get("SMTP_URL", ""))
            return f"the mail server {server.hostname}:{server.port or 'default port'}"
        if transport == "sendgrid":
            return f"SendGrid at {self.env.get('SENDGRID_BASE_URL') or 'its EU region'}"
        return f"{self.env['BASE_URL'].rstrip('/')}/mailbox/ and as .eml files under {self.var_dir / 'mail'}"

    def run(self) -> None:
        self.check_port()
        self.prepare()
        self.collect_static()
        for title, *arguments in (
            ("database", "migrate", "--no-input", "--verbosity=0"),
            ("demo data", "load_demo"),
        ):
            if not self.stopping.is_set():
                self.step(title, *arguments)
        if self.stopping.is_set():
            return
        self.start_web()
        self.start_worker()
        self.wait_until_alive()
        if not self.stopping.is_set():
            self.greet()
            self.watch()


def tail(said: bytes, lines: int = 20) -> str:
    return "\n".join(said.decode(errors="replace").strip().splitlines()[-lines:])


def end_group(child: subprocess.Popen[bytes]) -> None:
    """What is left of the child's process group: pool workers whose parent died, for instance."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)


def main() -> int:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        demo = Demo()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, demo.ask_to_stop)
        try:
            demo.run()
        finally:
            demo.stop_all()
    except (DemoError, OSError) as error:
        print(f"\nThe demo stopped: {error}", file=sys.stderr, flush=True)
        return 1
    print("\nThe demo is stopped; its data stays. `make demo` goes on from here.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
