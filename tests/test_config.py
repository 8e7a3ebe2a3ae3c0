"""Settings: production starts with everything it needs, or says what is missing."""

import pytest

from billify.config import MissingSettings, Settings

WHOLE = {
    "BILLIFY_ENV": "production",
    "SECRET_KEY": "s" * 40,
    "BILLIFY_SECRET_KEYS": "k" * 40,
    "DATABASE_URL": "postgresql+psycopg://x",
    "REDIS_URL": "redis://x",
    "TESSERACT_CMD": "/usr/bin/tesseract",
    "STORAGE_DIR": "/data",
    "SMTP_HOST": "mail.example.be",
    "MAIL_FROM": "Billify <post@example.be>",
    "BILLIFY_URL": "https://billify.example/",
}


def test_production_starts_with_everything() -> None:
    settings = Settings.load(WHOLE)

    assert settings.is_production
    assert settings.secret_keys == ("k" * 40,)
    assert not settings.ponto.has_connect


@pytest.mark.parametrize("name", sorted(WHOLE.keys() - {"BILLIFY_ENV"}))
def test_production_names_what_is_missing(name: str) -> None:
    given = {key: value for key, value in WHOLE.items() if key != name}

    with pytest.raises(MissingSettings, match=name):
        Settings.load(given)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"BILLIFY_SECRET_KEYS": f"{'k' * 40},short"}, "BILLIFY_SECRET_KEYS is shorter"),
        ({"PONTO_API_URL": "http://127.0.0.1:8400"}, "is not https"),
        ({"SMTP_SECURITY": "some"}, "SMTP_SECURITY must be one of"),
        ({"BILLIFY_URL": "http://billify.example"}, "BILLIFY_URL is not https"),
        ({"SMTP_SECURITY": "none"}, "on this machine only"),
        ({"PONTO_CLIENT_ID": "a", "PONTO_CLIENT_SECRET": "b"}, "PONTO_CERTIFICATE"),
    ],
)
def test_production_refuses_what_is_no_good(more: dict[str, str], said: str) -> None:
    with pytest.raises(MissingSettings, match=said):
        Settings.load(WHOLE | more)


def test_keys_are_listed_newest_first() -> None:
    keys = f" {'n' * 40} , {'o' * 40} ,"

    assert Settings.load(WHOLE | {"BILLIFY_SECRET_KEYS": keys}).secret_keys == ("n" * 40, "o" * 40)


def test_elsewhere_the_key_of_forms_seals_too() -> None:
    given = {key: value for key, value in WHOLE.items() if key != "BILLIFY_SECRET_KEYS"}

    assert Settings.load(given | {"BILLIFY_ENV": "development"}).secret_keys == ("s" * 40,)


@pytest.mark.parametrize(
    ("security", "port"), [("", 587), ("starttls", 587), ("tls", 465), ("none", 25)]
)
def test_the_mail_server_is_asked_at_the_port_of_its_security(security: str, port: int) -> None:
    given = WHOLE | {"BILLIFY_ENV": "development", "SMTP_SECURITY": security}

    settings = Settings.load(given)

    assert settings.mail.port == port
    assert settings.public_url == "https://billify.example"


def test_elsewhere_mail_may_stay_in_but_leaves_with_an_address_only() -> None:
    given = {key: value for key, value in WHOLE.items() if key not in ("MAIL_FROM", "SMTP_HOST")}
    tried_out = given | {"BILLIFY_ENV": "development"}

    assert Settings.load(tried_out).mail.host is None
    with pytest.raises(MissingSettings, match="missing: MAIL_FROM"):
        Settings.load(tried_out | {"SMTP_HOST": "mail.example.be"})
