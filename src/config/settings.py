"""Django's settings: safe by default, everything an installation chooses comes from the environment (`env.py`)."""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import env
from config.wiring import LISTENERS as LISTENERS
from config.wiring import NAVIGATION as NAVIGATION
from config.wiring import NOTICES as NOTICES
from config.wiring import PALETTE as PALETTE
from config.wiring import QUICK_CREATE as QUICK_CREATE
from config.wiring import USER_MENU as USER_MENU

PACKAGE = Path(__file__).resolve().parent.parent / "reciproque"
HOME = Path(env.declare("RECIPROQUE_HOME", "var", "Dossier des données : base embarquée, fichiers, secrets.")).resolve()
DEBUG = env.flag("DEBUG", "0", "Affiche le détail des erreurs. Jamais en production.")
DEMO = env.flag("RECIPROQUE_DEMO", "0", "Mode démonstration : entrée en un clic sous un des profils types.")
DEMO_PASSWORD = "entrez sans frapper"  # noqa: S105 -- public: the demonstration opens to everybody
SECRET_KEY = env.declare(
    "SECRET_KEY", env.secret_from(HOME, "secret_key"), "Clé secrète de Django ; sinon lue dans `secrets/`.", secret=True
)
PUBLIC_URL = env.declare("PUBLIC_URL", "http://127.0.0.1:8000", "Adresse publique de l’application.").rstrip("/")
HTTPS = PUBLIC_URL.startswith("https://")
# The parent, the probes and Prometheus ask the machine itself, whatever the name people use.
ALLOWED_HOSTS = [
    *env.words("ALLOWED_HOSTS", "", "Noms d’hôte acceptés, outre celui de `PUBLIC_URL` et la machine elle-même."),
    *filter(None, [urlsplit(PUBLIC_URL).hostname]),
    *("127.0.0.1", "localhost", "[::1]"),
]
CSRF_TRUSTED_ORIGINS = [
    *env.words("CSRF_TRUSTED_ORIGINS", "", "Origines de confiance, outre `PUBLIC_URL`, derrière un mandataire."),
    PUBLIC_URL,
]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "template_partials.apps.SimpleAppConfig",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "reciproque.foundation.ui",
    "reciproque.foundation",
    "reciproque.institution",
    "reciproque.directory",
    "reciproque.relations",
    "reciproque.sourcing",
    "reciproque.workspace",
]
MIDDLEWARE = [
    "reciproque.foundation.logs.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # A list is ten times smaller; against guessing by lengths, tokens are masked and answers padded at random.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "reciproque.foundation.availability.AvailabilityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "reciproque.institution.middleware.actor",
    "reciproque.foundation.ui.middleware.RefusalMiddleware",
    "reciproque.institution.middleware.StaffOnly",
    "reciproque.foundation.ui.middleware.PrivateMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
LOADERS = [
    (
        "template_partials.loader.Loader",
        [
            (
                "django.template.loaders.cached.Loader",
                ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
            )
        ],
    )
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "foundation" / "ui" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "reciproque.foundation.ui.context.layout",
            ],
            "builtins": [
                "django.templatetags.static",
                "django.templatetags.i18n",
                "django.contrib.humanize.templatetags.humanize",
                "template_partials.templatetags.partials",
                "reciproque.foundation.ui.templatetags.ui",
            ],
            "loaders": LOADERS,
        },
    }
]

DATABASE_URL = env.declare("DATABASE_URL", "", "Base PostgreSQL ≥ 15 ; vide : base embarquée.", secret=True)
DATABASES = {"default": env.database(DATABASE_URL or env.embedded_database(HOME))}
PG_BIN = env.declare(
    "PG_BIN",
    "",
    "Dossier de pg_dump, pg_restore et psql, pour une base qui exige TLS ; vide : ceux de la base embarquée.",
)
DATABASES["default"] |= {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False}
DATABASE_PREPARED = env.flag(
    "DATABASE_PREPARED",
    "1",
    "Garder prêtes, dans chaque connexion, les questions posées à chaque page ; 0 derrière un répartiteur qui prête ses connexions.",
)
WEB_STATEMENT_TIMEOUT = env.number("WEB_STATEMENT_TIMEOUT", "10000", "Durée maximale d’une requête SQL du site (ms).")
# Shared by all processes: the limits on failed sign-ins are counted here.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "foundation_cache"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

AUTH_USER_MODEL = "institution.User"
AUTHENTICATION_BACKENDS = [
    "reciproque.institution.signing.ByName",
    "reciproque.institution.signing.ByEmail",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Réciproque] "
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/15m/ip,10/15m/key", "reset_password": "10/h/ip,3/h/key"}
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_ADAPTER = "reciproque.institution.adapters.AccountAdapter"
REQUIRE_SECOND_FACTOR = env.flag(
    "REQUIRE_SECOND_FACTOR",
    "0" if DEMO else "1",
    "Second facteur obligatoire pour l’administration et la protection des données.",
)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody registers another’s address: accounts are opened by administrators
MFA_TOTP_TOLERANCE = 1  # a code typed as it changes, a telephone half a minute off (RFC 6238, § 5.2)
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "reciproque.institution.keys.NewKeyForm",
    "edit_webauthn": "reciproque.institution.keys.KeyForm",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
USERSESSIONS_TRACK_ACTIVITY = False

SESSION_ENGINE = "reciproque.institution.signing"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
# Without it the limits on failed sign-ins would count everybody behind the proxy as one address.
ALLAUTH_TRUSTED_PROXY_COUNT = env.number(
    "TRUSTED_PROXIES",
    "1" if HTTPS else "0",
    "Mandataires devant le site, dont l’en-tête X-Forwarded-For dit l’adresse des visiteurs ; par défaut 1 avec une `PUBLIC_URL` en https, sinon 0.",
)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("Français")), ("en", _("Anglais"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_TZ = True
TIME_ZONE = env.declare("TIME_ZONE", "Europe/Paris", "Fuseau horaire de l’établissement.")

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.declare("STATIC_ROOT", str(HOME / "static"), "Fichiers statiques rassemblés."))
MEDIA_ROOT = Path(env.declare("MEDIA_ROOT", str(HOME / "files"), "Fichiers déposés (jamais servis directement)."))
EXPORT_ROOT = Path(
    env.declare("EXPORT_ROOT", str(HOME / "exports"), "Exports préparés par le worker, effacés au bout de sept jours.")
)
SEARCH_INDEX = env.flag(
    "SEARCH_INDEX",
    "1",
    "Index de la recherche et des listes (dossier `search/`), sur un grand réseau ; 0 : la base seule.",
)
SEARCH_ROOT = HOME / "search"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["map", "woff2", "png", "gz", "jpg", "webp"]

EMAIL_HOST = env.declare("SMTP_HOST", "", "Serveur de courriel ; vide : les messages vont dans un dossier.")
EMAIL_PORT = env.number("SMTP_PORT", "587", "Port du serveur de courriel.")
EMAIL_HOST_USER = env.declare("SMTP_USER", "", "Compte du serveur de courriel.")
EMAIL_HOST_PASSWORD = env.declare("SMTP_PASSWORD", "", "Mot de passe du serveur de courriel.", secret=True)
EMAIL_USE_TLS = env.flag("SMTP_STARTTLS", "1", "Chiffrer la liaison avec le serveur de courriel (STARTTLS).")
EMAIL_TIMEOUT = 10
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = str(HOME / "mail")
DEFAULT_FROM_EMAIL = env.declare("MAIL_FROM", "reciproque@localhost", "Expéditeur des messages.")

MAIL_IN_PORT = env.number(
    "MAIL_IN_PORT",
    "0",
    "Port LMTP où le serveur de courriel remet les messages de suivi ; 0 : aucun message n’est reçu.",
)
MAIL_IN_HOST = env.declare("MAIL_IN_HOST", "127.0.0.1", "Adresse d’écoute des messages de suivi (LMTP).")
MAIL_IN_DOMAIN = env.declare("MAIL_IN_DOMAIN", "localhost", "Domaine des adresses de suivi : suivi+…@domaine.")
MAIL_TRUSTED_SERVERS = env.words(
    "MAIL_TRUSTED_SERVERS",
    "",
    "Serveurs dont l’en-tête Authentication-Results (SPF, DKIM) est cru, séparés par des virgules.",
)

RECHERCHE_ENTREPRISES_URL = env.declare(
    "RECHERCHE_ENTREPRISES_URL", "", "API Recherche d’entreprises ; vide : non utilisée."
)
SIRENE_API_URL = env.declare("SIRENE_API_URL", "", "API Sirene de l’INSEE ; vide : non utilisée.")
SIRENE_API_KEY = env.declare("SIRENE_API_KEY", "", "Clé de l’API Sirene.", secret=True)
SIRENE_DIR = Path(
    env.declare("SIRENE_DIR", str(HOME / "sirene"), "Dossier du registre SIRENE chargé (`reciproque sirene load`).")
)
SIRENE_DEPARTMENTS = env.words(
    "SIRENE_DEPARTMENTS", "", "Départements du registre à charger, séparés par des virgules ; vide : toute la France."
)
REGISTER_ALONE = env.flag(
    "REGISTER_ALONE", "0", "Complète seul, la nuit, les partenaires que le registre reconnaît avec certitude."
)
MERGES_ACROSS_UNITS = env.declare(
    "MERGES_ACROSS_UNITS",
    "ask",
    "Réunir des fiches de plusieurs entités : `ask` (demander l’accord), `free`, `stewards` (équipe qualité).",
)
MERGE_ANSWER_DAYS = env.number(
    "MERGE_ANSWER_DAYS", "7", "Jours laissés à une entité pour répondre ; sans réponse, les fiches sont réunies."
)
METRICS_TOKEN = env.declare(
    "METRICS_TOKEN", "", "Jeton exigé par /metrics ; vide : seulement depuis la machine.", secret=True
)

LOGGING_CONFIG = "reciproque.foundation.logs.configure"
LOG_LEVEL = env.declare("LOG_LEVEL", "INFO", "Niveau du journal.")
LOG_STREAM = env.declare(
    "LOG_STREAM", "stdout", "Où va le journal : `stdout`, ou `stderr` (les commandes dont la sortie se lit)."
)
LOGGING = {"level": LOG_LEVEL, "stream": LOG_STREAM}
JOBS_HEARTBEAT = env.number(
    "JOBS_HEARTBEAT",
    "10",
    "Secondes entre deux signes de vie des tâches ; après trois sans signe, le travail est repris.",
)
SILENCED_SYSTEM_CHECKS: list[str] = []

env.declare_command()
