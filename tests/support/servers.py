"""`python -m tests.support.servers COMMAND…`: run COMMAND with a PostgreSQL and a Redis of its own, both real, on free ports.

DATABASE_URL and STOWPLAN_TEST_REDIS_URL name them; `tests/settings.py` reads both. Exit code: that of COMMAND, or 1 with one line
naming the missing package.
"""

import contextlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.support.processes import free_port, running, wait_until


class MissingServer(Exception):
    """A server program is not installed; the message names the package that has it."""


def postgres_program(name: str) -> str:
    """Path of a PostgreSQL program: Debian keeps the server's own out of PATH."""
    candidates = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    found = str(candidates[-1]) if candidates else shutil.which(name)
    if not found:
        raise MissingServer("PostgreSQL is not installed; the tests need the package postgresql (Debian, Ubuntu).")
    return found


def as_postgres_user(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: then run it as the packaged user, who owns the data folder."""
    if os.geteuid() != 0:
        return []
    account = pwd.getpwnam("postgres")
    os.chown(folder, account.pw_uid, account.pw_gid)
    return ["runuser", "-u", "postgres", "--"]


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A fresh PostgreSQL on a free loopback port. Yields its DATABASE_URL (database `postgres`)."""
    initdb, server, is_ready = (postgres_program(name) for name in ("initdb", "postgres", "pg_isready"))
    home = folder / "postgres"
    home.mkdir()
    prefix, port, log = as_postgres_user(home), free_port(), folder / "postgres.log"
    subprocess.run(
        [*prefix, initdb, "-D", str(home / "data"), "-U", "stowplan", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
        cwd=home, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    # fsync off: the data lives as long as the tests.
    options = ["-h", "127.0.0.1", "-p", str(port), "-k", str(home), "-F"]
    with running([*prefix, server, "-D", str(home / "data"), *options], log) as process:
        probe = [is_ready, "-q", "-h", "127.0.0.1", "-p", str(port), "-U", "stowplan", "-d", "postgres"]
        wait_until(lambda: subprocess.run(probe, check=False).returncode == 0, "PostgreSQL", process, log)
        yield f"postgres://stowplan@127.0.0.1:{port}/postgres"


@contextlib.contextmanager
def redis(folder: Path) -> Iterator[str]:
    """A fresh Redis on a free loopback port, nothing kept on disk. Yields its URL without a database number."""
    server = shutil.which("redis-server")
    if not server:
        raise MissingServer("Redis is not installed; the tests need the package redis-server (Debian, Ubuntu).")
    port, log = free_port(), folder / "redis.log"
    command = [server, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no", "--dir", str(folder)]
    with running(command, log) as process:
        wait_until(lambda: "Ready to accept connections" in log.read_text(), "Redis", process, log)
        yield f"redis://127.0.0.1:{port}"


def main(command: list[str]) -> int:
    with contextlib.ExitStack() as stack:
        # Readable for the user that PostgreSQL runs as.
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stowplan-servers-")))
        folder.chmod(0o755)
        try:
            urls = {"DATABASE_URL": stack.enter_context(postgres(folder)), "STOWPLAN_TEST_REDIS_URL": stack.enter_context(redis(folder))}
        except MissingServer as error:
            print(error, file=sys.stderr)
            return 1
        return subprocess.run(command, env={**os.environ, **urls}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
