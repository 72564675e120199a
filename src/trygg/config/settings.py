"""Settings: the one module that knows every part. Secrets are read from NAME or from the file that NAME_FILE names."""

import os
import secrets
from pathlib import Path

from environs import Env

env = Env()


def secret(name: str, default: str | None = None) -> str | None:
    """Value of the environment variable, or content of the file that NAME_FILE names, so that no secret stands in a process list."""
    path = env.str(f"{name}_FILE", None)
    if path:
        return Path(path).read_text(encoding="utf-8").strip()
    return env.str(name, default)


def kept_secret(path: Path) -> str:
    """The secret kept in `path`, made on first use with mode 0600."""
    if path.exists():
        return path.read_text(encoding="ascii").strip()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    value = secrets.token_urlsafe(50)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process of the same start was first
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(value)
    return value


PACKAGE = Path(__file__).resolve().parent.parent
TRYGG_HOME = Path(env.str("TRYGG_HOME", "./var")).resolve()
TRYGG_FILES = TRYGG_HOME / "files"
TRYGG_KEYS = TRYGG_HOME / "keys"
TRYGG_BACKUPS = TRYGG_HOME / "backups"
TRYGG_LEDGER_KEY = TRYGG_KEYS / "ledger.key"
TRYGG_LEDGER_ORIGIN = env.str("TRYGG_LEDGER_ORIGIN", "trygg.local/ledger")
# {"SE": [{"name": "...", "number": "...", "dial": "..."}]}: in place of the numbers that Trygg knows
TRYGG_HELPLINES = env.json("TRYGG_HELPLINES", {})
TRYGG_MAX_UPLOAD = env.int("TRYGG_MAX_UPLOAD", 25 * 1024 * 1024)

DEBUG = env.bool("TRYGG_DEBUG", False)
SECRET_KEY = secret("TRYGG_SECRET_KEY") or kept_secret(TRYGG_KEYS / "django.key")
ALLOWED_HOSTS = env.list("TRYGG_ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("TRYGG_TRUSTED_ORIGINS", [])
# Where "Leave" on public pages leads: a page that anyone may have open.
TRYGG_LEAVE_URL = env.str("TRYGG_LEAVE_URL", "https://www.yr.no/")
SITE_NAME = env.str("TRYGG_SITE_NAME", "Trygg")
SECURE = env.bool("TRYGG_HTTPS", False)

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "trygg.kernel.ui",
    "trygg.kernel.ledger",
    "trygg.kernel.people",
    "trygg.kernel.files",
    "trygg.kernel.work",
    "trygg.kernel.safeguard",
    "trygg.kernel.archive",
    "trygg.spine.frameworks",
    "trygg.spine.matters",
    "trygg.spine.assurance",
    "trygg.spine.meetings",
    "trygg.spine.publication",
    "trygg.spine.papers",
    "trygg.apps.assessments",
    "trygg.apps.committees",
    "trygg.apps.fairness",
    "trygg.front.public",
    "trygg.front.demo",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "trygg.kernel.safeguard.middleware.WarnMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "trygg.kernel.ui.glossary.GlossaryMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "trygg.kernel.people.middleware.ActorMiddleware",
    "trygg.kernel.access.middleware.AccessMiddleware",
]

ROOT_URLCONF = "trygg.config.urls"
WSGI_APPLICATION = "trygg.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "trygg.kernel.ui.context.page",
            ],
        },
    }
]
FORM_RENDERER = "trygg.kernel.ui.forms.TryggRenderer"

# State: SQLite embedded, PostgreSQL by DATABASE_URL.
DATABASE_URL = secret("DATABASE_URL") or f"sqlite:///{TRYGG_HOME / 'trygg.sqlite3'}"
if DATABASE_URL.startswith("sqlite:"):
    _file = DATABASE_URL.removeprefix("sqlite:///")
    if _file != ":memory:":
        Path(_file).parent.mkdir(parents=True, exist_ok=True)
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": _file,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 15,
                # FULL: a published checkpoint must never outlive the entries that it signs.
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA cache_size=-20000;"
                "PRAGMA mmap_size=134217728;PRAGMA foreign_keys=ON;",
            },
        }
    }
else:
    from trygg.config.database_url import parse_postgresql

    DATABASES = {"default": parse_postgresql(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False

# Sign-in
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "public:register"
ACCOUNT_ADAPTER = "trygg.kernel.people.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "trygg.kernel.people.adapters.SocialAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # people come by invitation, which already proves the address
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = SITE_NAME
# OIDC by settings: TRYGG_OIDC='[{"provider_id": "entra", "name": "...", "client_id": "...", "secret": "...", "settings": {"server_url": "..."}}]'
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": env.json("TRYGG_OIDC", [])}}
SOCIALACCOUNT_ONLY = False

SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
LANGUAGE_COOKIE_SAMESITE = "Lax"
SIGNED_OUT_VIEW = "trygg.kernel.ui.views.signed_out"
CSRF_FAILURE_VIEW = "trygg.kernel.ui.views.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_SSL_REDIRECT = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("TRYGG_BEHIND_PROXY", False) else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "media-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

# Language and time
LANGUAGE_CODE = env.str("TRYGG_LANGUAGE", "en")
LANGUAGES = [("en", "English"), ("sv", "Svenska")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TRYGG_TIME_ZONE", "Europe/Stockholm")

# Static files
STATIC_URL = "/static/"
STATIC_ROOT = TRYGG_HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(TRYGG_FILES)}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a section may hold several grids of rights by groups, each place a field of its own

# Work in the background, mail
TASKS = {"default": {"BACKEND": env.str("TRYGG_TASKS", "django_tasks_db.DatabaseBackend")}}
EMAIL_BACKEND = env.str("TRYGG_EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = TRYGG_HOME / "mail"
EMAIL_HOST = env.str("TRYGG_SMTP_HOST", "localhost")
EMAIL_PORT = env.int("TRYGG_SMTP_PORT", 25)
EMAIL_HOST_USER = env.str("TRYGG_SMTP_USER", "")
EMAIL_HOST_PASSWORD = secret("TRYGG_SMTP_PASSWORD", "")
EMAIL_USE_TLS = env.bool("TRYGG_SMTP_TLS", False)
DEFAULT_FROM_EMAIL = env.str("TRYGG_FROM_EMAIL", "trygg@localhost")
BASE_URL = env.str("TRYGG_BASE_URL", "http://127.0.0.1:8000")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"trygg": {"level": "INFO"}, "django.server": {"level": "WARNING"}},
}
