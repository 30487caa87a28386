"""Settings, all from the environment; a value that cannot be read stops the start with its name.

docs/settings.md lists every variable.
"""

import logging
import secrets
import sys
from pathlib import Path
from zoneinfo import available_timezones

import django_stubs_ext
import environ
from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from config.environment import Environment
from config.redaction import RedactedRecord

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
# Appended, so that an app in collections/ can never hide a standard module (docs/adr/0001).
if str(BASE_DIR / "collections") not in sys.path:
    sys.path.append(str(BASE_DIR / "collections"))

env = Environment()

# Everything that the running product writes: the embedded database, uploads, the secret key.
VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)


def _secret_key() -> str:
    """The key of this installation, made on its first start and kept for its owner alone."""
    path = VAR_DIR / "secret_key"
    if not path.exists():
        draft = VAR_DIR / f"secret_key.{secrets.token_hex(4)}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        try:
            path.hardlink_to(draft)  # the first of several starting processes wins
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()


DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "") or _secret_key()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Behind a proxy that ends TLS: cookies travel over https only.
HTTPS = env.bool("HTTPS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
X_FRAME_OPTIONS = "DENY"
# How many proxies of our own stand in front and add the address of who asks to X-Forwarded-For.
PROXIES = env.int("PROXIES", 0)

INSTALLED_APPS = [
    "config.charts",
    "config.jobs",
    "config.lists",
    "config.manual",
    "config.saved",
    "customers",
    "ledger",
    "aging",
    "flags",
    "queues",
    "dashboard",
    "account",
    "trends",
    "reconciliation.bank",
    "reconciliation.matching",
    "reconciliation.books",
    "reconciliation.closing",
    "reconciliation.statements",
    "reconciliation.comparison",
    "reconciliation.rounds",
    "config.demo",
    "django_tables2",
    "django_filters",
    "django_htmx",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.PageCompressionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "customers.middleware.LanguageMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

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
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context_processors.firm",
                "config.context_processors.appearance",
                "config.context_processors.demo",
                "config.context_processors.navigation",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# --- database: SQLite is embedded, DATABASE_URL selects PostgreSQL ------------------------------------------
DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{VAR_DIR / 'ledger.sqlite3'}")}
_database = DATABASES["default"]
if _database["ENGINE"] == "django.db.backends.postgresql":
    _database["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", 60)
    _database["CONN_HEALTH_CHECKS"] = True
    # Compiling a report's plan costs more than it saves: 8 to 28 % slower with jit.
    _database.setdefault("OPTIONS", {})["options"] = "-c jit=off"
else:
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
# SQLite has no covering indexes and leaves the included columns out; that is meant.
SILENCED_SYSTEM_CHECKS = ["models.W040"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people and languages -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "customers.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LANGUAGE_CODE = env.choice("LANGUAGE_CODE", "zh-hans", dict(LANGUAGES))
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
USE_TZ = True
TIME_ZONE = env.choice("TIME_ZONE", "Asia/Shanghai", available_timezones())

FIRM_NAME = env.str("FIRM_NAME", "")

# --- the firm's rules ---------------------------------------------------------------------------------------
# A name of ledger.allocation_order.ORDERS.
ALLOCATION_ORDER = env.choice("ALLOCATION_ORDER", "oldest_due_first", ("oldest_due_first", "oldest_document_first"))
# The last day of each bucket of the aging report but the oldest, which has none.
AGING_LIMITS = tuple(env.list("AGING_LIMITS", cast=int, default=[30, 60, 90, 180, 365]))
if not AGING_LIMITS or AGING_LIMITS[0] < 1 or list(AGING_LIMITS) != sorted(set(AGING_LIMITS)):
    raise environ.ImproperlyConfigured("AGING_LIMITS must be days that rise, such as 30,60,90,180,365.")
if len(AGING_LIMITS) > 11:
    raise environ.ImproperlyConfigured("AGING_LIMITS must be eleven days at most: a month end keeps twelve buckets.")

# How many days the link to a statement of account opens it.
STATEMENT_LINK_DAYS = env.int("STATEMENT_LINK_DAYS", 30)

# --- files --------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # whitenoise asks for it, also where nothing was collected
STATICFILES_DIRS = [BASE_DIR / "static"]
# Where collectstatic ran, files carry the hash of their content in their names, compressed, and are kept by browsers.
STATIC_COLLECTED = env.bool("STATIC_COLLECTED", False)
WHITENOISE_USE_FINDERS = not STATIC_COLLECTED
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = Path(env.str("MEDIA_DIR", str(VAR_DIR / "files")))
# A larger workbook is refused before it is read.
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_BYTES", 50 * 1024 * 1024)
# A delivery photo, a scan: what one file may have, and all files of a customer together.
ATTACHMENT_MAX_BYTES = env.int("ATTACHMENT_MAX_BYTES", 20 * 1024 * 1024)
ATTACHMENTS_MAX_BYTES = env.int("ATTACHMENTS_MAX_BYTES", 2 * 1024 * 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# A customer may mark a thousand lines of a statement, with five fields each.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6_000

# --- jobs ---------------------------------------------------------------------------------------------------
REDIS_URL = env.address("REDIS_URL", "redis://127.0.0.1:6379/0", ("redis", "rediss", "unix"))
# The cache and the queue write the address of a Unix socket, and the number of a database behind one, differently.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = TIME_ZONE
# A killed worker's task goes to another: late acknowledgement, redelivery within seconds of the timeout.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": env.int("CELERY_VISIBILITY_TIMEOUT", 3600),
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    # A lost broker is reported to the person who waits, not waited for.
    "socket_connect_timeout": 3,
    "max_retries": 1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.2}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "keep-month-ends": {"task": "aging.tasks.keep_month_ends", "schedule": crontab(hour=1, minute=0)},
    "keep-expectations": {"task": "trends.tasks.keep", "schedule": crontab(hour=1, minute=30)},
    "raise-flags": {"task": "flags.tasks.sweep", "schedule": crontab(hour=2, minute=0)},
    "weigh-bank-lines": {
        "task": "reconciliation.matching.tasks.weigh_by_night",
        "schedule": crontab(hour=2, minute=30),
    },
    # Where no worker takes them, the sweeps of an hour must not wait in the queue.
    "requeue-lost-jobs": {"task": "config.jobs.tasks.requeue_lost", "schedule": 60, "options": {"expires": 50}},
    "remove-old-jobs": {"task": "config.jobs.tasks.remove_old", "schedule": crontab(hour=3, minute=30)},
    "remove-left-uploads": {"task": "ledger.tasks.remove_left_uploads", "schedule": crontab(hour=3, minute=50)},
    "remove-drafts": {
        "task": "reconciliation.statements.tasks.remove_drafts",
        "schedule": crontab(hour=3, minute=55),
    },
    "send-views": {"task": "config.saved.tasks.send_due", "schedule": 180, "options": {"expires": 170}},
    "turn-rounds": {"task": "reconciliation.rounds.tasks.turn", "schedule": crontab(minute=40)},
    "send-digests": {"task": "flags.tasks.send_digests", "schedule": crontab(hour=8, minute=0)},
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
    }
}

# --- mail ---------------------------------------------------------------------------------------------------
EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
# A mail server that does not answer keeps no worker for longer.
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=30)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "ledger@localhost")
SITE_URL = env.str("SITE_URL", "http://localhost:8000").rstrip("/")

DJANGO_TABLES2_TEMPLATE = "_table.html"

# Whatever logs, the web server too: no token of a link in it.
logging.setLogRecordFactory(RedactedRecord)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env.choice("LOG_LEVEL", "INFO", logging.getLevelNamesMapping())},
    # They tell what stands in the statements of a bank.
    "loggers": {"mt940": {"level": "CRITICAL"}, "ofxtools": {"level": "CRITICAL"}},
}
