"""Wiring: reads the installation's settings (environment or one file), checks them, and hands them to Django."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict


class Installation(BaseSettings):
    """What one installation may set; each field is `ZHENKE_` + its name in capitals. Listed in docs/settings.md."""

    model_config = SettingsConfigDict(
        env_prefix="ZHENKE_", env_file=os.environ.get("ZHENKE_CONFIG") or None, extra="ignore"
    )

    home: Path = Field(Path("var"), description="Folder of the database, keys, uploads and logs.")
    database_url: str = Field("", description="postgresql://… for a chain; empty means SQLite in the home folder.")
    key_file: Path | None = Field(None, description="Keys of encrypted fields; default HOME/keys/fields.json.")
    secret_file: Path | None = Field(None, description="Signing secret of sessions; default HOME/keys/secret.")
    hosts: str = Field("localhost,127.0.0.1,[::1]", description="Host names that are answered, comma separated.")
    address: str = Field("127.0.0.1", description="Network address that the web server listens on.")
    port: int = Field(8000, ge=1, le=65535, description="Port that the web server listens on.")
    workers: int = Field(2, ge=1, le=64, description="Web processes.")
    https: bool = Field(False, description="True behind HTTPS: secure cookies and HSTS.")
    language: Literal["en", "zh-hans"] = Field("zh-hans", description="Language of people who have chosen none.")
    time_zone: str = Field("Asia/Shanghai", description="Time zone of shops that have named none.")
    debug: bool = Field(False, description="Developer pages; never in a shop.")
    api_calls_a_minute: int = Field(600, ge=1, le=100_000, description="Calls that one token may make in a minute.")
    portal_host: str = Field("member.localhost", description="Host name of the member site; empty: there is none.")
    portal_codes: Literal["", "console"] = Field(
        "", description="Where sign-in codes of members go; console: shown on the screen of the server, to try it out."
    )
    portal_codes_a_day: int = Field(1000, ge=1, le=1_000_000, description="Sign-in codes that are sent in 24 hours.")
    smtp_host: str = Field("", description="Mail server of messages to customers; empty: no e-mail goes out.")
    smtp_port: int = Field(587, ge=1, le=65535, description="Port of the mail server.")
    smtp_security: Literal["starttls", "tls", "none"] = Field("starttls", description="How the line is protected.")
    smtp_user: str = Field("", description="Account at the mail server; empty: none is asked for.")
    smtp_password: SecretStr = Field(SecretStr(""), description="Its password.")
    smtp_from: str = Field("", description="Sender's address, such as care@shop.example.")
    sms_address: str = Field("", description="https://… of the SMS provider; empty: no SMS goes out.")
    sms_key: str = Field("", description="Access key at the SMS provider.")
    sms_secret: SecretStr = Field(SecretStr(""), description="Its secret, by which each call is signed.")
    sms_sign_name: str = Field("", description="Signature of the shop (签名) that the provider has agreed to.")
    sms_code_template: str = Field("", description="The provider's template of a sign-in code, with the field code.")
    sms_callback_secret: SecretStr = Field(SecretStr(""), description="By which receipts and answers are signed.")
    upload_limit_mb: int = Field(200, ge=1, le=2000, description="Largest import file taken by the page, in MB.")


try:
    INSTALLATION = Installation()
except ValidationError as wrong:
    lines = [f"ZHENKE_{str(e['loc'][0]).upper()}: {e['msg']}" for e in wrong.errors()]
    raise ImproperlyConfigured("Settings are wrong. " + "; ".join(lines) + ". See docs/settings.md.") from None

HOME = INSTALLATION.home.expanduser().resolve()
KEY_FILE = INSTALLATION.key_file or HOME / "keys" / "fields.json"
SECRET_FILE = INSTALLATION.secret_file or HOME / "keys" / "secret"
PACKAGE = Path(__file__).resolve().parent

# The queue's file is opened while Django starts, so the folder must be there before.
HOME.mkdir(parents=True, exist_ok=True, mode=0o700)

# Without a secret nothing can be served; `zhenke init` makes it, and the start check refuses to go on without it.
SECRET_KEY = SECRET_FILE.read_text().strip() if SECRET_FILE.exists() else ""
DEBUG = INSTALLATION.debug
ALLOWED_HOSTS = [host.strip() for host in INSTALLATION.hosts.split(",") if host.strip()]
PORTAL_HOST = INSTALLATION.portal_host.strip().lower()
if PORTAL_HOST in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ZHENKE_PORTAL_HOST is one of ZHENKE_HOSTS: the member site needs a name of its own.")
ALLOWED_HOSTS += [PORTAL_HOST] if PORTAL_HOST else []
PORTAL_URLCONF = "zhenke.doors.portal.urls"
PORTAL_CODES = INSTALLATION.portal_codes
PORTAL_CODES_A_DAY = INSTALLATION.portal_codes_a_day
ROOT_URLCONF = "zhenke.urls"
WSGI_APPLICATION = "zhenke.wsgi.application"
AUTH_USER_MODEL = "staff.StaffMember"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = True

INSTALLED_APPS = [
    "zhenke.staff",
    "zhenke.customers",
    "zhenke.catalogue",
    "zhenke.messaging",
    "zhenke.sales",
    "zhenke.membership",
    "zhenke.grading",
    "zhenke.care",
    "zhenke.doors",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "ninja",
    "csp",
    "django_tasks",
    "huey.contrib.djhuey",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "zhenke.doors.hosts.hosts",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "zhenke.doors.walls.walls",
    "zhenke.doors.portal.walls.member_walls",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates", PACKAGE / "doors" / "pages", PACKAGE / "doors"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "zhenke.doors.pages.frame.frame",
            ],
            "builtins": ["django.templatetags.i18n", "zhenke.doors.templatetags.words"],
        },
    }
]

# Promise P3: nothing acknowledged is lost on power loss (FULL), no deferred transactions (IMMEDIATE), readers never
# wait (WAL).
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
    "PRAGMA cache_size=-64000; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456; PRAGMA busy_timeout=20000; "
    "PRAGMA recursive_triggers=ON;",
}


def _database() -> dict[str, Any]:
    if not INSTALLATION.database_url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME / "zhenke.sqlite3",
            "OPTIONS": SQLITE_OPTIONS,
            "TEST": {"NAME": os.environ.get("ZHENKE_TEST_SQLITE") or None},
        }
    try:
        database: dict[str, Any] = dict(dj_database_url.parse(INSTALLATION.database_url))
    except (ValueError, dj_database_url.UnknownSchemeError) as wrong:
        raise ImproperlyConfigured(f"ZHENKE_DATABASE_URL cannot be read: {wrong}. See docs/settings.md.") from None
    if database["ENGINE"] == "django.db.backends.postgresql":
        options = database.get("OPTIONS") or {}
        database["OPTIONS"] = {"pool": True, **options}
        database["TEST"] = {"TEMPLATE": "template0", "CHARSET": "UTF8"}
    return database


DATABASES = {"default": _database()}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "zhenke_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

TASKS = {"default": {"BACKEND": "huey.contrib.djhuey.tasks_backend.HueyBackend"}}
HUEY = {
    "huey_class": "huey.SqliteHuey",
    "name": "zhenke",
    "filename": str(HOME / "queue.sqlite3"),
    "immediate": False,
    "consumer": {"workers": 1, "worker_type": "thread", "initial_delay": 0.1, "max_delay": 1.0},
}

LANGUAGE_CODE = INSTALLATION.language
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [PACKAGE / "locale"]
FORMAT_MODULE_PATH = ["zhenke.doors.formats"]
TIME_ZONE = INSTALLATION.time_zone
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [PACKAGE / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600  # addresses carry the version, so an upgrade is seen at once
MEDIA_ROOT = HOME / "uploads"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "zhenke.doors.uploads.LimitedUploads",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_TEMP_DIR = None
FILE_UPLOAD_PERMISSIONS = 0o600

API_CALLS_A_MINUTE = INSTALLATION.api_calls_a_minute

AUTHENTICATION_BACKENDS = ["zhenke.doors.pages.sign_in.backend.StaffBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "zhenke.doors.pages.sign_in.passwords.NotGuessable"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"  # Today
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "zhenke.doors.pages.sign_in.adapter.StaffAccounts"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "10/15m/key,60/15m/ip", "reauthenticate": "10/m/user"}
ALLAUTH_TRUSTED_PROXY_COUNT = 0
MFA_ADAPTER = "zhenke.doors.pages.sign_in.adapter.StaffDevices"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_TOTP_ISSUER = "Zhenke 珍客"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not INSTALLATION.https  # our forms ask for the page's own origin
MFA_FORMS = {
    "login_webauthn": "zhenke.doors.pages.sign_in.passkeys.SignInForm",
    "authenticate_webauthn": "zhenke.doors.pages.sign_in.passkeys.SecondStepForm",
    "reauthenticate_webauthn": "zhenke.doors.pages.sign_in.passkeys.ProveAgainForm",
    "add_webauthn": "zhenke.doors.pages.sign_in.passkeys.NewPasskeyForm",
}
USERSESSIONS_TRACK_ACTIVITY = False
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_NAME = "zhenke_staff"
# Nobody else's page, nor a page of another host below ours, can set or read these.
PORTAL_COOKIE_PREFIX = "__Host-zhenke_" if INSTALLATION.https else "zhenke_"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False
CSRF_FAILURE_VIEW = "zhenke.doors.hosts.forged"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = INSTALLATION.https

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_SSL_REDIRECT = False
if INSTALLATION.https:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"zhenke": {"level": "INFO"}},
}
