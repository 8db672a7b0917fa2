"""Everything that is judged without running the product: `make check`. Each check runs; the end names what failed."""

import os
import re
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
LOCKS = [
    "requirements.txt",
    "requirements-dev.txt",
    "package-lock.json",
    "tools/uv.txt",
    "tools/node.txt",
    ".npmrc",
]
# An address, or a folder of one machine: a lock file works for everybody or for nobody.
NOT_IN_A_LOCK = re.compile(
    r"[a-z+]+://|file:|(?<![\w.@-])/(?:home|root|work|tmp|usr|opt|Users|var)/|[A-Z]:\\"
)

# The settings of a careful production, so that `check --deploy` judges what an IT department would run.
PRODUCTION = {
    "SECRET_KEY": secrets.token_urlsafe(60)[:60],
    "BASE_URL": "https://moteplass.example",
    "ALLOWED_HOSTS": "moteplass.example",
    "DATABASE_URL": "postgres://moteplass:unused@127.0.0.1:5432/moteplass",
    "MAIL_TRANSPORT": "smtp",
    "SMTP_URL": "smtp+starttls://user:unused@mail.moteplass.example:587",
}
OURS = {*PRODUCTION, "DEMO", "TESTING", "DEBUG", "DEMO_PASSWORD", "REDIS_URL", "STORAGE_URL"}


@dataclass(frozen=True)
class Check:
    name: str
    work: Callable[[], str]  # returns what is wrong; nothing when all is well


@dataclass(frozen=True)
class Command:
    """A program whose exit code is the verdict."""

    line: list[str]
    env: dict[str, str] = field(
        default_factory=lambda: {"TESTING": "1", "DATABASE_URL": "sqlite:///:memory:"}
    )

    def __call__(self) -> str:
        clean = {name: value for name, value in os.environ.items() if name not in OURS}
        done = subprocess.run(
            self.line,
            cwd=ROOT,
            env=clean | self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        return (done.stdout.strip() or f"failed with {done.returncode}") if done.returncode else ""


def tool(name: str, *arguments: str) -> Command:
    return Command([str(BIN / name), *arguments])


def templates(*suffixes: str) -> list[str]:
    """In `templates/`, and in a room that keeps its own."""
    folders = [ROOT / "templates", *(ROOT / floor for floor in ("config", "events", "invites", "minutes"))]
    return [
        str(path.relative_to(ROOT))
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.suffix in suffixes and "templates" in path.parts
    ]


def locks_name_no_place() -> str:
    return "\n".join(
        f"{name}:{number}: {line.strip()}"
        for name in LOCKS
        for number, line in enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), 1)
        if NOT_IN_A_LOCK.search(line)
    )


def scripts_parse() -> str:
    scripts = [str(path) for path in sorted((ROOT / "static").rglob("*.js"))]
    node = shutil.which("node") or shutil.which("node", path=str(BIN))
    if not node:
        return "no node on this machine" if os.environ.get("REQUIRE_ALL") == "1" else ""
    return "\n".join(filter(None, (Command([node, "--check", script])() for script in scripts)))


def checks() -> Iterator[Check]:
    yield Check("types (mypy)", tool("mypy"))  # the slowest goes first
    yield Check("format (ruff)", tool("ruff", "format", "--check", "."))
    yield Check("lint (ruff)", tool("ruff", "check", "."))
    yield Check("the house (import-linter)", tool("lint-imports"))
    manage = [str(BIN / "python"), "manage.py"]
    yield Check("migrations", Command([*manage, "makemigrations", "--check", "--dry-run"]))
    yield Check(
        "deployment", Command([*manage, "check", "--deploy", "--fail-level", "WARNING"], env=PRODUCTION)
    )
    if html := templates(".html"):
        yield Check("templates (djhtml)", tool("djhtml", "--check", "--tabwidth", "2", *html))
    if pages := templates(".html", ".txt"):
        yield Check("templates (djade)", tool("djade", "--check", "--target-version", "5.2", *pages))
    yield Check("translations", tool("python", "tools/messages.py", "check"))
    yield Check("scripts", scripts_parse)
    yield Check("lock files", locks_name_no_place)


def judge(check: Check) -> tuple[Check, str, float]:
    begun = time.monotonic()
    try:
        wrong = check.work()
    except OSError as error:
        wrong = str(error)
    return check, wrong, time.monotonic() - begun


def main() -> int:
    failed = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        for check, wrong, seconds in pool.map(judge, list(checks())):
            print(f"{'FAILED' if wrong else 'ok':<7} {check.name} ({seconds:.1f} s)", flush=True)
            if wrong:
                failed.append(check.name)
                print(wrong + "\n", flush=True)
    if failed:
        print(f"make check: {len(failed)} failed: {', '.join(failed)}", flush=True)
        return 1
    print("make check: all well", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
