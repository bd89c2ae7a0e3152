"""Django's settings. What a host may change stands in `environment.py`."""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from rebond.config.database import databases, use_sound_sqlite
from rebond.config.environment import read

use_sound_sqlite()
ENVIRONMENT = read()
PACKAGE = Path(__file__).parents[1]

SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = ENVIRONMENT.debug
BASE_URL = ENVIRONMENT.base_url
ALLOWED_HOSTS = [urlsplit(BASE_URL).hostname or "localhost", "127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS += ENVIRONMENT.hosts
ROOT_URLCONF = "rebond.config.urls"
WSGI_APPLICATION = "rebond.config.wsgi.application"
APPEND_SLASH = True

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_tasks",
    "csp",
    "django_htmx",
    "rebond.kernel",
    "rebond.domain.shops",
    "rebond.domain.sign_in",
    "rebond.domain.machines",
    "rebond.domain.ledger",
    "rebond.domain.shoppers",
    "rebond.domain.products",
    "rebond.domain.orders",
    "rebond.domain.bank_transfers",
    "rebond.domain.fair_use",
    "rebond.domain.gift_cards",
    "rebond.domain.loyalty",
    "rebond.domain.proofs",
    "rebond.domain.policies",
    "rebond.domain.returns",
    "rebond.domain.conversations",
    "rebond.domain.enquiries",
    "rebond.domain.withdrawals",
    "rebond.domain.shipping",
    "rebond.domain.warehouse",
    "rebond.domain.refunds",
    "rebond.domain.non_deliveries",
    "rebond.domain.duties",
    "rebond.domain.signals",
    "rebond.domain.credit_notes",
    "rebond.domain.exchanges",
    "rebond.domain.repairs",
    "rebond.domain.no_receipt",
    "rebond.domain.contests",
    "rebond.domain.discussions",
    "rebond.domain.work",
    "rebond.domain.audit",
    "rebond.domain.privacy",
    "rebond.insights.costs",
    "rebond.insights.trials",
    "rebond.outbound.notifications",
    "rebond.outbound.webhooks",
    "rebond.outbound.stock",
    "rebond.web.ui",
    "rebond.web.portal",
    "rebond.web.backoffice",
    "rebond.config",
]

MIDDLEWARE = [
    "rebond.web.ui.observing.ObservingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "rebond.web.ui.acting.ActingMiddleware",
    "rebond.web.ui.staying.StayingMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "rebond.web.ui.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "rebond.web.backoffice.sessions.DeskSessionMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "rebond.web.ui.text.TextMiddleware",
    "rebond.web.ui.refusals.RefusalMiddleware",
    "rebond.api.limits.RateLimitMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "rebond.web.ui.context.look",
            ],
            "builtins": ["rebond.web.ui.templatetags.ui"],
        },
    }
]

DATABASE_ADDRESS = ENVIRONMENT.database_url
ROW_SECURITY = ENVIRONMENT.row_security
DATABASES = databases(DATABASE_ADDRESS, row_security=ROW_SECURITY)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "shops.User"
# New passwords by the first; one kept by another is kept anew by the first at the next log-in.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.BCryptSHA256PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "rebond.domain.sign_in.breached.NotBreached"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
]
BREACHED_PASSWORDS = ENVIRONMENT.breached_passwords
OIDC = ENVIRONMENT.oidc
LOGIN_URL = "backoffice:login"
LOGIN_REDIRECT_URL = "backoffice:home"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 7 * 24 * 60 * 60
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"

TASKS = {"default": {"BACKEND": "rebond.kernel.jobs.TableBackend"}}
EVENT_FOLLOWER = "rebond.flows.run.follow"
UNDO_SECONDS = ENVIRONMENT.undo_seconds
AUDIT_WRITER = "rebond.domain.audit.chain.write_events"
LEVEL_BEFORE_REQUEST = "rebond.domain.signals.gathering.level_before_request"

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = ENVIRONMENT.home / "static"
MEDIA_ROOT = ENVIRONMENT.home / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "rebond.web.ui.storage.StaticFiles"
        if (STATIC_ROOT / "staticfiles.json").exists()
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not (STATIC_ROOT / "staticfiles.json").exists()
WHITENOISE_MAX_AGE = 31_536_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

SMTP_URL = ENVIRONMENT.smtp_url
DATA_FOLDER = ENVIRONMENT.data
HEADS_FILE = ENVIRONMENT.heads_file
METERS_FOLDER = ENVIRONMENT.home / "meters"
VERIFIED_FILE = ENVIRONMENT.home / "verified.json"
PLATFORM_FOLDER = ENVIRONMENT.platform_folder
SECURITY_CONTACT = ENVIRONMENT.security_contact
EGRESS_INSIDE_HOSTS = ENVIRONMENT.inside_hosts

_secure = BASE_URL.startswith("https://")
SESSION_COOKIE_NAME = "__Host-session" if _secure else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _secure else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [BASE_URL] if _secure else []
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if _secure else 0
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"()": "rebond.kernel.logs.TextLines"},
        "json": {"()": "rebond.kernel.logs.JsonLines"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": ENVIRONMENT.log_form}},
    "root": {"handlers": ["stderr"], "level": ENVIRONMENT.log_level},
    # The server's own words would quote the path of a request.
    "loggers": {"django.server": {"level": "ERROR"}, "httpx": {"level": "WARNING"}},
}
