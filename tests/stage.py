"""Sets the stage before Django reads its settings; pytest loads this first (`-p tests.stage` in pyproject.toml)."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
STAGE = Path(tempfile.mkdtemp(prefix="moteplass-test-", dir=MEMORY))
atexit.register(shutil.rmtree, STAGE, ignore_errors=True)
POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
REDIS_URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9")
ON_POSTGRES = os.environ.get("TEST_DATABASE") == "postgres"
REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"

for name in ("DEMO", "DEBUG", "SECRET_KEY", "BASE_URL", "REDIS_URL", "PORT", "REPLY_DOMAIN", "DEMO_PASSWORD"):
    os.environ.pop(name, None)
os.environ["TESTING"] = "1"
os.environ["VAR_DIR"] = str(STAGE)
os.environ["MAIL_TRANSPORT"] = "file"
os.environ["DATABASE_URL"] = POSTGRES_URL if ON_POSTGRES else f"sqlite:///{STAGE}/db.sqlite3"
