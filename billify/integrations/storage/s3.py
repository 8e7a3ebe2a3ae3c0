"""Document bytes in an S3 bucket, at Amazon or any server that speaks the same language."""

import base64
import hashlib
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from billify.config import Settings
from billify.integrations.storage.port import BadKey, NotStored, StorageDown, require_key

_MISSING = {"NoSuchKey", "NotFound", "404"}
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]{0,80}")


class S3Storage:
    """One bucket; the client is made at first use because boto3 is slow and heavy to import."""

    def __init__(self, settings: Settings) -> None:
        if not settings.s3_bucket:
            raise ValueError("S3 storage needs the name of a bucket")
        self.name = settings.s3_bucket
        self._settings = settings
        self._lock = threading.Lock()
        self._made: Any = None  # boto3 builds its client classes at run time: no static type

    def put(self, key: str, content: bytes, media_type: str) -> None:
        """Upload with a checksum the server verifies before it says yes."""
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        is_plain = _MEDIA_TYPE.fullmatch(media_type)
        with _in_words("put", key):
            self._client.put_object(
                Bucket=self.name,
                Key=require_key(key),
                Body=content,
                ContentType=media_type if is_plain else "application/octet-stream",
                # As a header, not a trailer: many S3-speaking servers know only the first.
                ChecksumSHA256=digest,
            )

    def get(self, key: str) -> bytes:
        """The bytes under a key, checked against their checksum. Raises NotStored, StorageDown."""
        with _in_words("get", key):
            answer = self._client.get_object(
                Bucket=self.name, Key=require_key(key), ChecksumMode="ENABLED"
            )
            content: bytes = answer["Body"].read()
        return content

    def delete(self, key: str) -> None:
        """Forget a key; one that isn't there is fine."""
        with _in_words("delete", key):
            self._client.delete_object(Bucket=self.name, Key=require_key(key))

    def exists(self, key: str) -> bool:
        """Whether the bucket has the key."""
        try:
            with _in_words("look for", key):
                self._client.head_object(Bucket=self.name, Key=require_key(key))
        except NotStored:
            return False
        return True

    def keys(self) -> Iterator[str]:
        """Every key in the bucket that is one of ours, a thousand at a time."""
        with _in_words("list", self.name):
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self.name):
                for found in page.get("Contents", ()):
                    with suppress(BadKey):
                        yield require_key(found["Key"])

    def check(self) -> None:
        """The bucket answers and lets us in: one request, no listing."""
        try:
            with _in_words("reach", self.name):
                self._client.head_bucket(Bucket=self.name)
        except NotStored as missing:
            raise StorageDown(f"S3: there is no bucket {self.name}") from missing

    def prepare(self) -> None:
        """Import boto3 and make the client (half a second); connections are opened later."""
        _ = self._client

    @property
    def _client(self) -> Any:  # see _made
        with self._lock:
            if self._made is None:
                self._made = _make_client(self._settings)
        return self._made


def _make_client(settings: Settings) -> Any:  # boto3 has no static types
    import boto3
    from botocore.config import Config

    return boto3.session.Session().client(
        "s3",
        endpoint_url=settings.s3_endpoint_url,
        region_name=settings.s3_region,
        aws_access_key_id=settings.s3_access_key_id,
        aws_secret_access_key=settings.s3_secret_access_key,
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            connect_timeout=2,
            read_timeout=10,
            retries={"mode": "standard", "total_max_attempts": 2},
            max_pool_connections=16,
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )


@contextmanager
def _in_words(verb: str, what: str) -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", "unknown"))
        if code in _MISSING:
            raise NotStored(what) from error
        raise StorageDown(f"S3: could not {verb} {what}: {code}") from error
    except BotoCoreError as error:
        # The message of these may hold addresses; their kind says enough.
        raise StorageDown(f"S3: could not {verb} {what}: {type(error).__name__}") from error
