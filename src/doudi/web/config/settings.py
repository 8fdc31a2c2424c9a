"""Settings of the platform. Everything a town may change comes from the environment or from its own data folder.

``DOUDI_DATA_DIR``      where the database, photographs and keys lie (default ``./var``)
``DOUDI_DATABASE_URL``  ``sqlite:///…`` (default: in the data folder) or ``postgres://…``
``DOUDI_PROFILE``       ``demo`` | ``test`` | ``production`` (default): how strict the start-up checks are
``DOUDI_HOSTS``         host names that may be asked for, separated by commas
``DOUDI_SITE_URL``      the address printed on plaques, without a slash at its end
``DOUDI_PROXIES``       how many reverse proxies stand before us (0: none is believed)
``DOUDI_METRICS_TOKEN`` anyone who shows it may read /metrics (default: only this machine itself may)
``DOUDI_LOG``           ``json`` (default in production) or ``line``: how a line of the log looks
"""

from __future__ import annotations

import os
from pathlib import Path

import dj_database_url

from doudi.web.config import keys

PROFILE = os.environ.get("DOUDI_PROFILE", "production")
DATA_DIR = Path(os.environ.get("DOUDI_DATA_DIR", "var")).resolve()
SITE_URL = os.environ.get("DOUDI_SITE_URL", "http://127.0.0.1:8000").rstrip("/")
TRUSTED_PROXIES = int(os.environ.get("DOUDI_PROXIES", "0"))
HTTPS = SITE_URL.startswith("https://")
METRICS_TOKEN = os.environ.get("DOUDI_METRICS_TOKEN", "")

#: whether models of kinds are learned by themselves; a test asks for it where it wants it
LEARN_KINDS = PROFILE != "test"

DEBUG = False
SECRET_KEY = keys.secret("session", DATA_DIR)
SEARCH_KEY = keys.secret("search", DATA_DIR)
ALLOWED_HOSTS = [
    host.strip() for host in os.environ.get("DOUDI_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if host.strip()
]
if PROFILE == "test":
    ALLOWED_HOSTS.append("testserver")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "doudi.web.design",
    "doudi.web.terms",
    "doudi.web.files",
    "doudi.web.journal",
    "doudi.web.jobs",
    "doudi.web.outbox",
    "doudi.web.idempotency",
    "doudi.web.areas",
    "doudi.web.people",
    "doudi.web.actions",
    "doudi.web.exports",
    "doudi.web.views",
    "doudi.web.units",
    "doudi.web.places",
    "doudi.web.notices",
    "doudi.web.looks",
    "doudi.web.rulebook",
    "doudi.web.duties",
    "doudi.web.resources",
    "doudi.web.answers",
    "doudi.web.reports",
    "doudi.web.matters",
    "doudi.web.search",
    "doudi.web.triage",
    "doudi.web.backstop",
    "doudi.web.disputes",
    "doudi.web.orders",
    "doudi.web.reconciliation",
    "doudi.web.upstream",
    "doudi.web.shifts",
    "doudi.web.channels",
    "doudi.web.mandatory",
    "doudi.web.retention",
    "doudi.web.drafting",
    "doudi.web.timers",
    "doudi.web.desk",
    "doudi.web.street",
    "doudi.web.scan",
    "doudi.web.demo",
    "doudi.web.fsck",
    "doudi.web.health",
    "doudi.web.setup",
    "doudi.web.operations",
]

MIDDLEWARE = [
    "doudi.web.health.middleware.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "doudi.web.config.middleware.SecurityHeadersMiddleware",
    "doudi.web.config.middleware.RequestCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "doudi.web.config.middleware.StripNulMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "doudi.web.people.middleware.ActorMiddleware",
    "doudi.web.people.middleware.LoginRequiredMiddleware",
    "doudi.web.config.middleware.DomainErrorMiddleware",
    "doudi.web.config.middleware.OneAtATimeMiddleware",
]

ROOT_URLCONF = "doudi.web.config.urls"
WSGI_APPLICATION = "doudi.web.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "doudi.web.people.context.person_at_work",
                "doudi.web.notices.context.waiting_notices",
            ],
            "builtins": ["doudi.web.design.templatetags.doudi"],
        },
    }
]

_default_database = f"sqlite:///{DATA_DIR / 'doudi.sqlite3'}"
DATABASES = {
    "default": dj_database_url.parse(os.environ.get("DOUDI_DATABASE_URL", _default_database), conn_max_age=None)
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["ENGINE"] = "doudi.web.config.sqlite3"
    # FULL, because an acknowledged report must survive a power cut; IMMEDIATE, because a reader that
    # turns writer in mid-transaction fails with SQLITE_BUSY_SNAPSHOT whatever the timeout.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
            "PRAGMA secure_delete=ON; PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY;"
        ),
    }
else:
    DATABASES["default"].setdefault("OPTIONS", {}).update({"prepare_threshold": 3, "server_side_binding": True})
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "doudi_people.Person"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["doudi.web.people.hashers.Argon2PasswordHasher"]
if PROFILE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = (
    []
    if PROFILE == "demo"
    else [
        {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
        {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
        {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    ]
)
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "front"
# It writes down who came in and who failed, and stops nobody: `doudi.web.people.gate` does, before it costs anything.
AXES_ENABLED = PROFILE != "test"
AXES_LOCK_OUT_AT_FAILURE = False
AXES_CLIENT_IP_CALLABLE = "doudi.web.limits.address.address_of"

# A name that begins so is only accepted by browsers from the very host, by HTTPS and for the whole site.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = (
    ("__Host-sessionid", "__Host-csrftoken") if HTTPS else ("sessionid", "csrftoken")
)
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 3600
SESSION_ENGINE = "doudi.web.people.sessions"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Without a proxy that tells us how the browser came, every request would be sent round in a ring.
SECURE_SSL_REDIRECT = HTTPS and TRUSTED_PROXIES > 0
SECURE_REDIRECT_EXEMPT = [r"^(health|ready|metrics)$"]
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_FAILURE_VIEW = "doudi.web.config.errors.stale_form"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).resolve().parent.parent / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
# The files lie in the package and never change while it runs, so they are served from there with far-off expiry.
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
MEDIA_ROOT = DATA_DIR / "files"
#: what was erased, in ids: outside the backups, on another disk where one is given
REGISTER_DIR = Path(os.environ.get("DOUDI_REGISTER_DIR", DATA_DIR / "register"))
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
DATA_UPLOAD_MAX_NUMBER_FILES = 12
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
# In a signed cookie while they are short, so that a step costs one commit and not two.
MESSAGE_STORAGE = "django.contrib.messages.storage.fallback.FallbackStorage"
SILENCED_SYSTEM_CHECKS = [
    "security.W002",  # SecurityHeadersMiddleware sets X-Frame-Options, also where Django's own middleware would not
    "security.W005",  # whether the neighbours under the same domain speak HTTPS is not ours to say
    "security.W021",  # nor is the list of browsers
    "axes.W002",  # it stops nobody here, so it needs neither its middleware
    "axes.W003",  # nor its backend
]
LOG_FORM = os.environ.get("DOUDI_LOG", "json" if PROFILE == "production" else "line")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"safe": {"()": "doudi.web.health.logs.SafeLine", "form": LOG_FORM}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "safe"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"doudi": {"level": "INFO"}, "axes": {"level": "ERROR"}},
}
