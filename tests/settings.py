"""Settings of the tests: the application's own, with its data in a folder of this test process alone.

Without further variables the tests run on SQLite files and the embedded broker. `python -m tests.support.servers COMMAND` starts
PostgreSQL and Redis and sets DATABASE_URL and REDIS_URL, and the same tests run on those.
"""

import atexit
import os
import shutil
import tempfile

PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "main")

# Each pytest process has a folder of its own; a command that a test starts inherits it instead of making another.
if os.environ.get("STOWPLAN_TEST_PROCESS") != PROCESS:
    folder = tempfile.mkdtemp(prefix="stowplan-tests-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ.update(STOWPLAN_TEST_PROCESS=PROCESS, STOWPLAN_DATA_DIR=folder, STOWPLAN_STATIC_ROOT=folder)

os.environ.setdefault("SECRET_KEY", "only-for-tests-" * 4)
os.environ["STOWPLAN_PLAIN_STATIC"] = "1"
if os.environ.get("STOWPLAN_TEST_REDIS_URL"):
    # One of Redis's sixteen databases for each process that runs tests side by side.
    number = int(PROCESS.removeprefix("gw")) + 1 if PROCESS.startswith("gw") else 0
    os.environ["REDIS_URL"] = f"{os.environ['STOWPLAN_TEST_REDIS_URL']}/{number}"

from config.settings import *  # noqa: E402, F403
from config.settings import DATA_DIR, DATABASES  # noqa: E402

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file and not memory: WAL and the transaction mode are those of the real thing, and a worker process can join in.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "tests.sqlite3")}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
