"""All settings, read from the environment (CONTRACT: README, "Settings"). One file, no variants.

Three modes: production (the default, refuses to start when unsafe), `DEMO=1` (`make demo`), `TESTING=1` (the suite).
"""

import base64
import os
import re
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent


def env(name: str, default: str = "") -> str:
    """The variable's text; `NAME_FILE` names a file that holds it (secrets mounted as files)."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get(name, default).strip()


def env_flag(name: str) -> bool:
    value = env(name, "0").lower()
    if value not in {"0", "1", "true", "false", "yes", "no", ""}:
        raise ImproperlyConfigured(f"{name} must be 0 or 1, not {value!r}.")
    return value in {"1", "true", "yes"}


DEMO = env_flag("DEMO")
TESTING = env_flag("TESTING")
PRODUCTION = not (DEMO or TESTING)
DEBUG = env_flag("DEBUG")
VAR_DIR = Path(env("VAR_DIR", str(BASE_DIR / "var"))).resolve()


def _secret_key() -> str:
    key = env("SECRET_KEY")
    if not key and DEMO and (VAR_DIR / "secret_key").exists():
        key = (VAR_DIR / "secret_key").read_text(encoding="utf-8").strip()
    if not key and not PRODUCTION:
        return "only-for-tests-and-for-a-demo-that-was-not-started-by-make"
    if len(key) < 50 or len(set(key)) < 8 or key.startswith("django-insecure"):
        raise ImproperlyConfigured("SECRET_KEY is missing or weak: set 50 or more random characters.")
    return key


def _field_keys() -> tuple[tuple[str, bytes], ...]:
    """The key ring (events/keyring.py): "id:key,id:key", a key being 32 bytes in base64; the first one seals."""
    keys: dict[str, bytes] = {}
    for part in filter(None, (part.strip() for part in env("FIELD_KEYS").split(","))):
        name, _colon, written = part.partition(":")
        try:
            key = base64.b64decode(written.translate(str.maketrans("-_", "+/")), validate=True)
        except ValueError:
            key = b""
        if not re.fullmatch(r"[a-z0-9-]{1,20}", name) or name in keys or len(key) != 32:
            raise ImproperlyConfigured(
                "FIELD_KEYS must read name:key,name:key; each name once, of a-z, 0-9 and -; a key: 32 bytes in base64."
            )
        keys[name] = key
    return tuple(keys.items())


def _allowed_hosts() -> list[str]:
    default = "" if PRODUCTION else "127.0.0.1,localhost,[::1],testserver"
    hosts = [host.strip() for host in env("ALLOWED_HOSTS", default).split(",") if host.strip()]
    if PRODUCTION and (not hosts or "*" in hosts):
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS is missing or holds '*': name the hosts this service answers."
        )
    return hosts


def _base_url() -> str:
    default = "" if PRODUCTION else f"http://127.0.0.1:{env('PORT', '8000')}"
    url = env("BASE_URL", default).rstrip("/")
    if not urlsplit(url).hostname or urlsplit(url).scheme not in {"http", "https"}:
        raise ImproperlyConfigured(
            "BASE_URL is missing: set the public address, such as https://moteplass.kommune.no."
        )
    if PRODUCTION and not url.startswith("https://"):
        raise ImproperlyConfigured("BASE_URL must begin with https:// in production.")
    return url


if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG is on: production refuses to start with it.")
SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = [key for key in env("SECRET_KEY_FALLBACKS").split(",") if key]
FIELD_KEYS = _field_keys()
ALLOWED_HOSTS = _allowed_hosts()
BASE_URL = _base_url()
SECURE_SITE = BASE_URL.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",  # allauth's list of security keys
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "events.apps.EventsConfig",
    "invites.apps.InvitesConfig",
    "minutes.apps.MinutesConfig",
    "config.apps.ConfigConfig",
    "django_q",  # after invites, whose `qcluster` command wraps this one's
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.headers.security_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.language.chosen_language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

if TESTING:  # the suite's own watchmen: migrations in one line, and a query a row is an error
    INSTALLED_APPS += ["django_linear_migrations", "zeal"]
    MIDDLEWARE += ["zeal.middleware.zeal_middleware"]
    ZEAL_NPLUSONE_THRESHOLD = 3  # reading a row once more after somebody else was faster is no query a row

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.house",
            ],
        },
    }
]
FORM_RENDERER = "config.forms.Renderer"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


# --- Database: SQLite under VAR_DIR, or postgres://user:password@host:port/name?option=value -------------------
def _database(url: str) -> dict[str, Any]:
    if not url:
        url = f"sqlite:///{VAR_DIR / 'moteplass.sqlite3'}"
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:]) or ":memory:",
            "CONN_MAX_AGE": 60,  # opening the file and its pragmas cost 1 ms, seven times an empty view
            # IMMEDIATE: without it a third of concurrent answers meet "database is locked" (DESIGN, traps).
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;",
            },
        }
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgres:// or sqlite:///.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


DATABASES = {"default": _database(env("DATABASE_URL"))}

REDIS_URL = env("REDIS_URL")
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    # A file cache is shared by the processes of one machine, which rate limits need; more machines need Redis.
    else {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": VAR_DIR / "cache"}
}

# --- People ------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "events.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if TESTING:  # a fast hash keeps the suite short; nothing else differs
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "events.tenancy.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by an administrator, who knows the address
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 1  # nobody claims a colleague's address, which would get the colleague's role
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
if not env("TRUSTED_PROXY_COUNT", "0").isdecimal():
    raise ImproperlyConfigured("TRUSTED_PROXY_COUNT must be a whole number: how many proxies stand in front.")
ALLAUTH_TRUSTED_PROXY_COUNT = int(env("TRUSTED_PROXY_COUNT", "0"))
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an administrator entered the address; nobody can sign up
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE_SITE
SESSION_COOKIE_AGE = 12 * 3600

# --- Language and time ---------------------------------------------------------------------------------------------
LANGUAGE_CODE = "nb"
# Of the whole product. What those who are invited see is in eight more: events/languages.py.
LANGUAGES = [("nb", _("Norwegian Bokmål")), ("en", _("English"))]
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale-django"]  # the second: what Django itself lacks
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = "Europe/Oslo"
# Letters in Arabic and Urdu need a font that typst does not bring (Debian: fonts-noto-core).
FONT_DIR = Path(env("FONT_DIR", "/usr/share/fonts/truetype/noto"))

# --- Files ---------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
NODE_MODULES = BASE_DIR / "node_modules"
PACKAGES = (
    ("ds/theme", NODE_MODULES / "@digdir/designsystemet-css/dist/theme"),
    ("ds/css", NODE_MODULES / "@digdir/designsystemet-css/dist/src"),
    ("ds/js", NODE_MODULES / "@digdir/designsystemet-web/dist/umd"),
    ("md", NODE_MODULES / "@github/markdown-toolbar-element/dist"),
)
# Packages that are not installed (a check without npm) are left out; `make demo` and `make test` install them.
STATICFILES_DIRS: list[Any] = [BASE_DIR / "static", *(pair for pair in PACKAGES if pair[1].is_dir())]
STATIC_BACKEND = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if TESTING
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": STATIC_BACKEND},
}
WHITENOISE_USE_FINDERS = TESTING
WHITENOISE_AUTOREFRESH = TESTING
MEDIA_ROOT = VAR_DIR / "media"
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- Mail ----------------------------------------------------------------------------------------------------------
MAIL_TRANSPORT = env("MAIL_TRANSPORT", "file")
if MAIL_TRANSPORT not in {"file", "smtp", "sendgrid"}:
    raise ImproperlyConfigured("MAIL_TRANSPORT must be file, smtp or sendgrid.")
MAIL_DIR = VAR_DIR / "mail"
SMTP_URL = env("SMTP_URL")
SENDGRID_API_KEY = env("SENDGRID_API_KEY")
SENDGRID_BASE_URL = env("SENDGRID_BASE_URL", "https://api.eu.sendgrid.com").rstrip("/")
SENDGRID_EVENT_PUBLIC_KEY = env("SENDGRID_EVENT_PUBLIC_KEY")
INBOUND_SECRET = env("INBOUND_SECRET")
INBOUND_AUTHSERV_ID = env("INBOUND_AUTHSERV_ID")  # by which our own mail server signs Authentication-Results
REPLY_DOMAIN = env("REPLY_DOMAIN", urlsplit(BASE_URL).hostname or "localhost")
if MAIL_TRANSPORT == "smtp" and not SMTP_URL:
    raise ImproperlyConfigured(
        "MAIL_TRANSPORT=smtp needs SMTP_URL, such as smtp+starttls://user:password@host:587."
    )
if MAIL_TRANSPORT == "sendgrid" and not SENDGRID_API_KEY:
    raise ImproperlyConfigured("MAIL_TRANSPORT=sendgrid needs SENDGRID_API_KEY.")
EMAIL_BACKEND = (
    "invites.post.backend.EmailBackend"  # sign-in codes take the same transport, but never the outbox
)
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", f"Møteplass <ikke-svar@{REPLY_DOMAIN}>")
DEMO_PASSWORD = env("DEMO_PASSWORD")

# --- Jobs: only a wake-up (rule 2). timeout < retry, or django-q2 warns at import --------------------------------
Q_CLUSTER = {
    "name": "moteplass",
    "orm": "default",
    "workers": 2,
    "queue_limit": 2,
    "bulk": 1,
    "timeout": 60,
    "retry": 300,
    "max_attempts": 3,
    "ack_failures": True,
    "catch_up": False,
    "poll": 0.5,
    "save_limit": 100,
    "sync": TESTING,
}

# --- Headers -------------------------------------------------------------------------------------------------------
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.home.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_SITE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-session" if SECURE_SITE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE_SITE else "csrf"
SECURE_SSL_REDIRECT = SECURE_SITE and PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_HSTS_SECONDS = 31536000 if SECURE_SITE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_SITE
# same-origin, not no-referrer: with the latter browsers send `Origin: null` and Django answers 403 (DESIGN, traps).
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # Designsystemet draws its icons as data: images
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# --- Logs: no token, no address (docs/security.md) ----------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"discreet": {"()": "config.discretion.DiscreetFilter"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["discreet"], "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO" if "pytest" not in sys.modules else "WARNING"},
    "loggers": {"django.server": {"handlers": ["console"], "propagate": False}},
}
TEST_RUNNER = "django.test.runner.DiscoverRunner"
