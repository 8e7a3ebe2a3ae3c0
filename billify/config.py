"""Settings from the environment: one frozen object, complete or refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent


class MissingSettings(Exception):
    """Start is refused; the message names every missing value."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between machines. Folders are absolute."""

    env: str
    secret_key: str
    database_url: str
    database_owner_url: str | None
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
            database_url=environ["DATABASE_URL"],
            database_owner_url=environ.get("DATABASE_OWNER_URL"),
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
        )


ALWAYS = ("SECRET_KEY", "DATABASE_URL", "REDIS_URL")
IN_PRODUCTION = ("TESSERACT_CMD",)
S3_TOGETHER = ("S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY")
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
    missing = [name for name in wanted if not environ.get(name)]
    problems = [f"missing: {', '.join(missing)}"] if missing else []
    if env not in ENVIRONMENTS:
        problems.append(f"BILLIFY_ENV must be one of {', '.join(ENVIRONMENTS)}")
    if env == "production" and 0 < len(environ.get("SECRET_KEY", "")) < SHORTEST_SECRET:
        problems.append(f"SECRET_KEY is shorter than {SHORTEST_SECRET} characters")
    if problems:
        raise MissingSettings(f"Billify does not start: {'; '.join(problems)}.")
