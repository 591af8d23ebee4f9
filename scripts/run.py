"""`make run`: prepare the data folder, start the programs of the Procfile on loopback, say where, and end them all together.

PORT and SIMULATOR_PORT choose the ports, STOWPLAN_DATA_DIR where the data lives, STOWPLAN_DEMO_PASSWORD the demo's password.
"""

import fcntl
import os
import secrets
import socket
import sys
import threading
import time
import urllib.request
from pathlib import Path
from typing import IO

import boto3
from botocore.exceptions import BotoCoreError

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.supervisor import read_procfile, supervise  # noqa: E402

DEFAULT_PORTS = {"PORT": 8000, "SIMULATOR_PORT": 5055}
START_SECONDS = 120
DEMO_LOGINS = ("consultant", "reviewer", "engineer")


class CannotRun(Exception):
    """What is in the way, as one line for the person who typed `make run`."""


def main() -> int:
    try:
        data = data_folder()
        lock = only_one(data)
        environment = prepare_environment(data)
        os.environ.update(environment)
        prepare_application()
    except CannotRun as error:
        print(error, file=sys.stderr)
        return 1
    with lock:
        threading.Thread(target=announce, daemon=True).start()
        return supervise(read_procfile(ROOT / "Procfile"), ROOT)


def data_folder() -> Path:
    """The folder of everything that is written: database, files, broker, secrets. Readable by its owner alone."""
    folder = Path(os.environ.get("STOWPLAN_DATA_DIR") or ROOT / "var").resolve()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CannotRun(f"The data folder {folder} cannot be made: {error.strerror}. Name another with STOWPLAN_DATA_DIR.") from error
    return folder


def only_one(data: Path) -> IO[str]:
    """Hold the folder: two Stowplans on one embedded broker would take each other's work."""
    lock = (data / "run.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CannotRun(f"Stowplan already runs with the data in {data}; end that one first, or set STOWPLAN_DATA_DIR.") from None
    return lock


def prepare_environment(data: Path) -> dict[str, str]:
    """Everything that the programs read from the environment, beside what is set already."""
    ports = {name: str(chosen_port(name, default)) for name, default in DEFAULT_PORTS.items()}
    return {
        **ports,
        "HOST": "127.0.0.1",
        "STOWPLAN_DATA_DIR": str(data),
        "STOWPLAN_STATIC_ROOT": str(data / "static"),
        "SECRET_KEY": os.environ.get("SECRET_KEY") or kept_secret(data / "secret_key", 50),
        "STOWPLAN_DEMO_PASSWORD": os.environ.get("STOWPLAN_DEMO_PASSWORD") or kept_secret(data / "demo_password", 12),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTHONUNBUFFERED": "1",
        **simulator_credentials(),
    }


def chosen_port(name: str, default: int) -> int:
    """The port that the environment names, which must be free; else the default one or the next free one after it."""
    wanted = os.environ.get(name)
    if wanted is None:
        return next(port for port in range(default, default + 1000) if is_free(port))
    if not wanted.isdigit() or not 0 < int(wanted) < 65536:
        raise CannotRun(f"{name} must be a port number between 1 and 65535, not “{wanted}”.")
    if not is_free(int(wanted)):
        raise CannotRun(f"Port {wanted} on 127.0.0.1 is taken or not allowed: choose another with {name}=…")
    return int(wanted)


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def kept_secret(path: Path, size: int) -> str:
    """The secret in the file, made at the first start."""
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(size) + "\n")
    return path.read_text().strip()


def simulator_credentials() -> dict[str, str]:
    """Credentials that the simulator takes and AWS does not, where boto3 finds none of anybody's."""
    try:
        found = boto3.Session().get_credentials()
    except BotoCoreError:
        return {}  # a broken profile of somebody's: shown where it is used
    return {} if found else {"AWS_ACCESS_KEY_ID": "simulator", "AWS_SECRET_ACCESS_KEY": "simulator"}


def prepare_application() -> None:
    """Bring the database to the present, gather the static files, load the demo organisation where it is not there."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.core.management import call_command
    from django.db import connections
    from django.db.utils import OperationalError

    django.setup()
    try:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        call_command("load_demo", simulator=simulator_url())
    except OperationalError as error:
        raise CannotRun("The database cannot be used: " + " ".join(str(error).split())) from error
    finally:
        connections.close_all()


def announce() -> None:
    """Fill the simulator as soon as it answers, then print where to go and who to be."""
    from provisioning.simulator.seed import seed

    address = f"http://127.0.0.1:{os.environ['PORT']}/"
    if not (answers(f"{simulator_url()}/moto-api/") and answers(f"{address}health/")):
        print(f"Stowplan does not answer after {START_SECONDS} s; the lines above say why.", file=sys.stderr)
        return
    seed(simulator_url())
    lines = [f"Stowplan:      {address}", f"AWS simulator: {simulator_url()}"]
    lines += [f"Log in as      {name}@demo.example" for name in DEMO_LOGINS]
    lines += [f"Password       {os.environ['STOWPLAN_DEMO_PASSWORD']}", "Ctrl-C ends it."]
    print("\n" + "\n".join(f"    {line}" for line in lines) + "\n", flush=True)


def simulator_url() -> str:
    return f"http://127.0.0.1:{os.environ['SIMULATOR_PORT']}"


def answers(url: str) -> bool:
    """Wait until the address answers with success."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 # a loopback address made above
                return True
        except OSError:
            time.sleep(0.1)
    return False


if __name__ == "__main__":
    sys.exit(main())
