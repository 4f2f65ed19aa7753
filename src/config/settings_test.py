"""Settings of the tests: the real ones, in a hostile environment, without what only costs time."""

import os
from pathlib import Path

from config.env import embedded_database

os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)
os.environ.setdefault("RECIPROQUE_HOME", "var/test")
worker, home = os.environ.get("PYTEST_XDIST_WORKER", ""), Path(os.environ["RECIPROQUE_HOME"]).resolve()
if worker and home.name != worker:  # tests side by side: one server, a database and a folder each
    os.environ.setdefault("DATABASE_URL", embedded_database(home))
    os.environ["RECIPROQUE_HOME"] = str(home / worker)
    (home / worker).mkdir(parents=True, exist_ok=True)

from config.settings import *  # noqa: E402, F403

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["*"]
REQUIRE_SECOND_FACTOR = False
LOGGING = {"level": "WARNING"}
DATABASES["default"] |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False}  # noqa: F405
