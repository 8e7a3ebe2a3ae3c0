"""The world outside as this process reaches it: one place that knows the settings."""

from flask import current_app
from redis import Redis

from billify.config import Settings
from billify.integrations import valkey
from billify.integrations.storage import SpooledStorage, storage_from


def settings() -> Settings:
    """The settings this process was started with."""
    found: Settings = current_app.config["SETTINGS"]
    return found


def redis() -> Redis:
    """The Valkey client."""
    return valkey.connect(settings().redis_url)


def waiting_redis() -> Redis:
    """A Valkey client for a process that waits long for a bell."""
    return valkey.blocking(settings().redis_url)


def storage() -> SpooledStorage:
    """The document store, with its spool in front."""
    found: SpooledStorage | None = current_app.extensions.get("storage")
    if found is None:
        found = current_app.extensions["storage"] = storage_from(settings())
    return found
