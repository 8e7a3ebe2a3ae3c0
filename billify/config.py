"""Settings from the environment: one frozen object, complete or refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent


class MissingSettings(Exception):
    """Start is refused; the message names every missing value."""


@dataclass(frozen=True, slots=True)
class PontoSettings:
    """How Ponto is reached. Without a client of our own only companies' own keys can be used."""

    api_url: str
    connect_url: str
    authorization_url: str
    redirect_url: str | None
    client_id: str | None
    client_secret: str | None
    certificate: str | None
    certificate_key: str | None
    certificate_passphrase: str | None
    signature_key: str | None
    signature_key_id: str | None
    signature_passphrase: str | None
    ca_file: str | None
    limit_name: str
    sync_minutes: int

    @property
    def has_connect(self) -> bool:
        """Is there a client of our own for Ponto Connect?"""
        return bool(self.client_id and self.client_secret)

    @classmethod
    def load(cls, environ: Mapping[str, str]) -> "PontoSettings":
        """Read the environment; the addresses are those of Ponto itself unless said otherwise."""
        return cls(
            api_url=environ.get("PONTO_API_URL") or "https://api.myponto.com",
            connect_url=environ.get("PONTO_CONNECT_URL") or "https://api.ibanity.com/ponto-connect",
            authorization_url=environ.get("PONTO_AUTHORIZATION_URL")
            or "https://authorization.myponto.com/oauth2/auth",
            redirect_url=environ.get("PONTO_REDIRECT_URL") or None,
            client_id=environ.get("PONTO_CLIENT_ID") or None,
            client_secret=environ.get("PONTO_CLIENT_SECRET") or None,
            certificate=environ.get("PONTO_CERTIFICATE") or None,
            certificate_key=environ.get("PONTO_CERTIFICATE_KEY") or None,
            certificate_passphrase=environ.get("PONTO_CERTIFICATE_PASSPHRASE") or None,
            signature_key=environ.get("PONTO_SIGNATURE_KEY") or None,
            signature_key_id=environ.get("PONTO_SIGNATURE_KEY_ID") or None,
            signature_passphrase=environ.get("PONTO_SIGNATURE_PASSPHRASE") or None,
            ca_file=environ.get("PONTO_CA_FILE") or None,
            limit_name=environ.get("PONTO_LIMIT_NAME") or "page[limit]",
            sync_minutes=int(environ.get("PONTO_SYNC_MINUTES") or "30"),
        )


@dataclass(frozen=True, slots=True)
class MailSettings:
    """The mail server, and who writes. Without a host no mail leaves."""

    host: str | None
    port: int
    user: str | None
    password: str | None
    security: str
    ca_file: str | None
    sender: str

    @classmethod
    def load(cls, environ: Mapping[str, str]) -> "MailSettings":
        """Read the environment; the port is the usual one for the kind of security."""
        security = environ.get("SMTP_SECURITY") or "starttls"
        return cls(
            host=environ.get("SMTP_HOST") or None,
            port=int(environ.get("SMTP_PORT") or MAIL_PORTS.get(security, 25)),
            user=environ.get("SMTP_USER") or None,
            password=environ.get("SMTP_PASSWORD") or None,
            security=security,
            ca_file=environ.get("SMTP_CA_FILE") or None,
            sender=environ.get("MAIL_FROM") or "Billify <billify@localhost>",
        )


@dataclass(frozen=True, slots=True)
class YukiSettings:
    """How Yuki is reached; each company brings an access key of its own."""

    api_url: str

    @classmethod
    def load(cls, environ: Mapping[str, str]) -> "YukiSettings":
        """Read the environment; the address is that of Belgian customers unless said otherwise."""
        return cls(environ.get("YUKI_API_URL") or "https://api.yukiworks.be/ws/")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between machines. Folders are absolute."""

    env: str
    secret_key: str
    secret_keys: tuple[str, ...]
    database_url: str
    database_owner_url: str | None
    database_backup_url: str | None
    redis_url: str
    var: Path
    storage_dir: Path
    spool_dir: Path
    s3_bucket: str | None
    s3_endpoint_url: str | None
    s3_region: str
    s3_access_key_id: str | None
    s3_secret_access_key: str | None
    tesseract_cmd: str | None
    tessdata_prefix: str | None
    host: str
    port: int
    metrics_token: str | None
    trusted_proxies: int
    db_pool_size: int
    fence_result: Path
    ponto: PontoSettings
    yuki: YukiSettings
    support_email: str | None
    """Whom people write to who can't get in."""
    mail: MailSettings
    public_url: str
    """What stands before the paths of links in mails, without a slash at its end."""

    @property
    def is_production(self) -> bool:
        """Production embeds nothing and has no default secret."""
        return self.env == "production"

    @classmethod
    def load(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the environment. Raises MissingSettings with the list of what is missing."""
        env = environ.get("BILLIFY_ENV", "development")
        _refuse_if_incomplete(env, environ)
        var = Path(environ.get("BILLIFY_VAR") or HERE / "var").resolve()
        return cls(
            env=env,
            secret_key=environ["SECRET_KEY"],
            secret_keys=_secret_keys(environ),
            database_url=environ["DATABASE_URL"],
            database_owner_url=environ.get("DATABASE_OWNER_URL"),
            database_backup_url=environ.get("DATABASE_BACKUP_URL") or None,
            redis_url=environ["REDIS_URL"],
            var=var,
            storage_dir=Path(environ.get("STORAGE_DIR") or var / "storage").resolve(),
            spool_dir=Path(environ.get("SPOOL_DIR") or var / "spool").resolve(),
            s3_bucket=environ.get("S3_BUCKET"),
            s3_endpoint_url=environ.get("S3_ENDPOINT_URL"),
            s3_region=environ.get("S3_REGION", "eu-west-1"),
            s3_access_key_id=environ.get("S3_ACCESS_KEY_ID"),
            s3_secret_access_key=environ.get("S3_SECRET_ACCESS_KEY"),
            tesseract_cmd=environ.get("TESSERACT_CMD"),
            tessdata_prefix=environ.get("TESSDATA_PREFIX"),
            host=environ.get("HOST", "127.0.0.1"),
            port=int(environ.get("PORT", "8000")),
            metrics_token=environ.get("METRICS_TOKEN"),
            trusted_proxies=int(environ.get("TRUSTED_PROXIES", "0")),
            db_pool_size=int(environ.get("DB_POOL_SIZE", "10")),
            fence_result=Path(environ.get("BILLIFY_FENCE_RESULT") or var / "fence.json").resolve(),
            ponto=PontoSettings.load(environ),
            yuki=YukiSettings.load(environ),
            support_email=environ.get("SUPPORT_EMAIL") or None,
            mail=MailSettings.load(environ),
            public_url=_public_url(environ),
        )


ALWAYS = ("SECRET_KEY", "DATABASE_URL", "REDIS_URL")
IN_PRODUCTION = ("TESSERACT_CMD", "BILLIFY_SECRET_KEYS", "SMTP_HOST")
"""Without mail nobody proves an address or gets a new password, and staff may not help."""
S3_TOGETHER = ("S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY")
MAIL_TOGETHER = ("MAIL_FROM", "BILLIFY_URL")
MAIL_PORTS = {"starttls": 587, "tls": 465, "none": 25}
ENVIRONMENTS = ("development", "production", "test")
SHORTEST_SECRET = 32


def _refuse_if_incomplete(env: str, environ: Mapping[str, str]) -> None:
    wanted = list(ALWAYS)
    if env == "production":
        wanted += IN_PRODUCTION
        if not environ.get("S3_BUCKET"):
            wanted.append("STORAGE_DIR")
    if environ.get("S3_BUCKET"):
        wanted += S3_TOGETHER
    if environ.get("SMTP_HOST") or env == "production":
        wanted += MAIL_TOGETHER
    missing = [name for name in wanted if not environ.get(name)]
    problems = [f"missing: {', '.join(missing)}"] if missing else []
    if env not in ENVIRONMENTS:
        problems.append(f"BILLIFY_ENV must be one of {', '.join(ENVIRONMENTS)}")
    if environ.get("SMTP_SECURITY") and environ["SMTP_SECURITY"] not in MAIL_PORTS:
        problems.append(f"SMTP_SECURITY must be one of {', '.join(MAIL_PORTS)}")
    if env == "production":
        problems += _weak(environ)
    if problems:
        raise MissingSettings(f"Billify does not start: {'; '.join(problems)}.")


def _weak(environ: Mapping[str, str]) -> list[str]:
    """What is there, and no good in production."""
    problems = []
    if 0 < len(environ.get("SECRET_KEY", "")) < SHORTEST_SECRET:
        problems.append(f"SECRET_KEY is shorter than {SHORTEST_SECRET} characters")
    if any(len(key) < SHORTEST_SECRET for key in _listed(environ)):
        problems.append(f"a key of BILLIFY_SECRET_KEYS is shorter than {SHORTEST_SECRET}")
    ponto = PontoSettings.load(environ)
    yuki = YukiSettings.load(environ)
    urls = (ponto.api_url, ponto.connect_url, ponto.authorization_url, yuki.api_url)
    problems += [f"{url} is not https" for url in urls if not url.startswith("https://")]
    if ponto.has_connect and not (ponto.certificate and ponto.signature_key):
        problems.append("Ponto Connect wants PONTO_CERTIFICATE and PONTO_SIGNATURE_KEY")
    if environ.get("BILLIFY_URL") and not environ["BILLIFY_URL"].startswith("https://"):
        problems.append("BILLIFY_URL is not https")
    mail = MailSettings.load(environ)
    if mail.security == "none" and mail.host and mail.host not in ("localhost", "127.0.0.1", "::1"):
        problems.append("SMTP_SECURITY none is for a mail server on this machine only")
    return problems


def _public_url(environ: Mapping[str, str]) -> str:
    """Where people find us; in development where the web listens, by its name: browsers keep
    passkeys for names only."""
    host, port = environ.get("HOST", "127.0.0.1"), environ.get("PORT", "8000")
    shown = {"127.0.0.1": "localhost"}.get(host, f"[{host}]" if ":" in host else host)
    return (environ.get("BILLIFY_URL") or f"http://{shown}:{port}").rstrip("/")


def _secret_keys(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The keys that seal credentials, newest first; outside production the one of forms will do."""
    return tuple(_listed(environ)) or (environ["SECRET_KEY"],)


def _listed(environ: Mapping[str, str]) -> list[str]:
    keys = environ.get("BILLIFY_SECRET_KEYS") or ""
    return [key.strip() for key in keys.split(",") if key.strip()]
