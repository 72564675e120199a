"""Settings of the tests: the product's, with a home of their own. Nothing here may change what is tested."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="trygg-tests-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "trygg.config.settings",  # for programs that a test starts: the same home, the product's settings
    "TRYGG_HOME": str(HOME),
    "TRYGG_TASKS": "django_tasks.backends.immediate.ImmediateBackend",
    "TRYGG_EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
    "TRYGG_LANGUAGE": "en",
    "TRYGG_TIME_ZONE": "Europe/Stockholm",
}
for name in ("TRYGG_DEBUG", "TRYGG_HTTPS", "TRYGG_OIDC", "TRYGG_HELPLINES", "TRYGG_MAX_UPLOAD"):
    os.environ.pop(name, None)

from trygg.config.settings import *  # noqa: E402, F403
from trygg.config.settings import DATABASES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ACCOUNT_RATE_LIMITS = False

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file and not memory, so that a server's threads have connections of their own, as in the product; it need not survive a power cut.
    DATABASES["default"]["TEST"] = {"NAME": str(HOME / "tests.sqlite3")}
    options = DATABASES["default"]["OPTIONS"]
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
