"""A PostgreSQL server of our own, to be restarted: never the one that others use."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.bench.load import free_port


@dataclass(frozen=True)
class Cluster:
    programs: Path
    data: Path
    port: int

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def run(self, program: str, *arguments: str) -> None:
        """As the user postgres when we are root, who may not run the server."""
        command = [str(self.programs / program), *arguments]
        if os.geteuid() == 0:
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--", *command]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd="/")

    def control(self, verb: str, *arguments: str) -> None:
        self.run("pg_ctl", verb, "-D", str(self.data), "-w", "-l", str(self.data / "log"), *arguments)

    def start(self) -> None:
        self.control(
            "start", "-o", f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
        )

    def restart(self) -> None:
        """As an operator does it: connections are cut, what was committed stays."""
        self.control("stop", "-m", "fast")
        self.start()


def programs() -> Path | None:
    """Where the newest PostgreSQL's own programs lie, or None when there is none."""
    if found := sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    ):
        return found[-1].parent
    installed = shutil.which("initdb")
    return Path(installed).parent if installed else None


@contextlib.contextmanager
def cluster() -> Iterator[Cluster]:
    """Makes, starts, and in the end stops and removes a server on a free port of this machine."""
    where = programs()
    if where is None:
        raise RuntimeError("PostgreSQL's programs (initdb, pg_ctl) are not on this machine")
    folder = Path(tempfile.mkdtemp(prefix="moteplass-postgres-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        server = Cluster(where, folder / "data", free_port())
        server.run("initdb", "-D", str(server.data), "-U", "postgres", "--auth=trust", "-E", "UTF8")
        server.start()
        try:
            yield server
        finally:
            server.control("stop", "-m", "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
