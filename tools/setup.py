"""Makes the checkout ready to run: virtual environment, locked packages, front-end assets, translations.

`python3 tools/setup.py` installs what running needs, `--dev` what tests and checks need too. What is done already
is recognised by a stamp that holds the lock file's digest, so the second run starts at once. Standard library only.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NODE_MODULES = ROOT / "node_modules"
LOCK_RUN = ROOT / "requirements.txt"
LOCK_DEV = ROOT / "requirements-dev.txt"
LOCK_UV = ROOT / "tools" / "uv.txt"
LOCK_NODE = ROOT / "tools" / "node.txt"
QUIET_PIP = ["--quiet", "--disable-pip-version-check", "--no-input"]


class SetupError(Exception):
    """One clear line for the person at the terminal."""


def run(*command: str | Path) -> None:
    """Runs quietly; shows what the program said only when it failed."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env=os.environ | {"PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        tail = "\n".join(done.stdout.decode(errors="replace").strip().splitlines()[-15:])
        raise SetupError(f"{Path(command[0]).name} failed with {done.returncode}:\n{tail}")


def step(title: str, work: Callable[[], object]) -> None:
    print(f"  {title} …", end=" ", flush=True)
    begun = time.monotonic()
    try:
        work()
    except (SetupError, OSError):
        print("failed", flush=True)
        raise
    print(f"{time.monotonic() - begun:.1f} s", flush=True)


def digest(*locks: Path) -> str:
    """What the stamp holds: the lock files and the Python they were installed for."""
    content = b"".join(lock.read_bytes() for lock in locks)
    return hashlib.sha256(content + sys.version.encode()).hexdigest()


def is_done(stamp: Path, value: str) -> bool:
    return stamp.exists() and stamp.read_text(encoding="ascii") == value


# --- Python -----------------------------------------------------------------------------------------------------
def venv_is_usable() -> bool:
    """Also false when the Python it was made with is gone."""
    try:
        code = "import pip, sys; print(sys.version)"
        said = subprocess.run([PYTHON, "-c", code], capture_output=True, check=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return False
    return said.strip() == sys.version.strip()


def make_venv() -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        run(sys.executable, "-m", "venv", VENV)
    except SetupError:  # Debian ships venv without ensurepip: borrow the system's pip, where there is one
        shutil.rmtree(VENV, ignore_errors=True)
        try:
            run(sys.executable, "-m", "venv", "--without-pip", VENV)
            run(sys.executable, "-m", "pip", "--python", PYTHON, "install", *QUIET_PIP, "pip")
        except SetupError as error:
            shutil.rmtree(VENV, ignore_errors=True)
            raise SetupError(
                f"{sys.executable} cannot make a virtual environment with pip; "
                "on Debian and Ubuntu: apt install python3-venv"
            ) from error


def pip_install(lock: Path) -> None:
    run(PYTHON, "-m", "pip", "install", *QUIET_PIP, "--require-hashes", "-r", lock)


def install_packages(lock: Path) -> None:
    """With uv, which takes seconds; with plain pip on the same file when uv cannot be had or fails."""
    uv = VENV / "bin" / "uv"
    try:
        if not uv.exists():
            pip_install(LOCK_UV)
        run(uv, "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes", "-r", lock)
    except (SetupError, OSError):
        print("(uv did not work, plain pip takes over)", end=" ", flush=True)
        pip_install(lock)


# --- Front-end assets ---------------------------------------------------------------------------------------------
def npm_ci(npm: str | Path) -> None:
    run(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")


def install_assets() -> None:
    """With the machine's npm; without one, or with one too old for the lock file, with npm from PyPI."""
    if npm := shutil.which("npm"):
        try:
            return npm_ci(npm)
        except (SetupError, OSError):
            print("(this machine's npm did not work, the one from PyPI takes over)", end=" ", flush=True)
    if not (VENV / "bin" / "npm").exists():
        install_packages(LOCK_NODE)
    return npm_ci(VENV / "bin" / "npm")


# --- All of it ------------------------------------------------------------------------------------------------------
def stale_catalogues() -> list[Path]:
    def is_stale(po: Path) -> bool:
        mo = po.with_suffix(".mo")
        return not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime

    return [po for po in sorted(ROOT.glob("locale*/*/LC_MESSAGES/*.po")) if is_stale(po)]


def set_up(*, dev: bool) -> None:
    if not venv_is_usable():
        step("virtual environment", make_venv)
    stamp_run, stamp_dev = VENV / ".stamp-run", VENV / ".stamp-dev"
    for_run, for_dev = digest(LOCK_RUN, LOCK_UV), digest(LOCK_RUN, LOCK_UV, LOCK_DEV)
    if dev and not is_done(stamp_dev, for_dev):
        step("packages for running, tests and checks", lambda: install_packages(LOCK_DEV))
        stamp_run.write_text(for_run, encoding="ascii")
        stamp_dev.write_text(for_dev, encoding="ascii")
    elif not is_done(stamp_run, for_run):
        step("packages", lambda: install_packages(LOCK_RUN))
        stamp_run.write_text(for_run, encoding="ascii")
    stamp_assets, for_assets = NODE_MODULES / ".stamp", digest(ROOT / "package-lock.json")
    if not is_done(stamp_assets, for_assets):
        step("front-end assets", install_assets)
        stamp_assets.write_text(for_assets, encoding="ascii")
    if stale_catalogues():
        step("translations", lambda: run(PYTHON, ROOT / "tools" / "messages.py", "compile"))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--dev", action="store_true", help="also what tests and checks need")
    options = parser.parse_args(arguments)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    try:
        set_up(dev=options.dev)
    except (SetupError, OSError) as error:
        print(f"Set-up stopped: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Set-up interrupted; the next run goes on from here.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
