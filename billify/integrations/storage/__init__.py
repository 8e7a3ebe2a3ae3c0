"""Where document bytes live: one port, a folder or an S3 bucket behind it, a spool in front."""

from billify.config import Settings
from billify.integrations.storage.local import LocalStorage
from billify.integrations.storage.port import BadKey, NotStored, Storage, StorageDown, Stored
from billify.integrations.storage.s3 import S3Storage
from billify.integrations.storage.spool import SpooledStorage

__all__ = [
    "BadKey",
    "NotStored",
    "SpooledStorage",
    "Storage",
    "StorageDown",
    "Stored",
    "storage_from",
]


def storage_from(settings: Settings) -> SpooledStorage:
    """The store the settings name: the bucket when there is one, else the local folder."""
    primary: Storage = (
        S3Storage(settings) if settings.s3_bucket else LocalStorage(settings.storage_dir)
    )
    return SpooledStorage(primary, settings.spool_dir)
