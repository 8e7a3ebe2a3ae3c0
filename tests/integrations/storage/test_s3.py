"""What only an S3 server can do to us."""

import base64
import hashlib
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from billify.config import Settings
from billify.integrations.storage import (
    StorageDown,
    storage_from,
)
from billify.integrations.storage.local import LocalStorage
from billify.integrations.storage.s3 import S3Storage
from tests.fakes.storage import INVOICE, KEY, S3Server, a_bucket

CHECKSUM = base64.b64encode(hashlib.sha256(INVOICE).digest()).decode()


def test_bytes_are_sent_with_their_checksum(settings: Settings, s3_server: S3Server) -> None:
    place = a_bucket(settings, s3_server)
    assert isinstance(place.storage, S3Storage)
    sent: dict[str, str] = {}

    def note_headers(request: Any, **_: object) -> None:  # botocore has no types
        sent.update(request.headers)

    place.storage._client.meta.events.register("before-send.s3.PutObject", note_headers)
    place.storage.put(KEY, INVOICE, "application/pdf")

    assert sent["x-amz-checksum-sha256"] in (CHECKSUM, CHECKSUM.encode())
    assert sent["Content-Type"] in ("application/pdf", b"application/pdf")
    assert b"AWS4-HMAC-SHA256" in bytes(sent["Authorization"])


def test_a_missing_bucket_is_a_store_that_is_down(settings: Settings, s3_server: S3Server) -> None:
    s3_server.start()
    storage = S3Storage(
        replace(settings, s3_bucket="nobody-made-this", s3_endpoint_url=s3_server.url)
    )

    for use in (storage.check, lambda: storage.get(KEY), lambda: storage.put(KEY, b"", "a/b")):
        with pytest.raises(StorageDown):
            use()


def test_boto3_is_not_imported_before_it_is_needed() -> None:
    script = "import sys, billify.integrations.storage; sys.exit('boto3' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_settings_choose_the_store(settings: Settings) -> None:
    with_bucket = replace(settings, s3_bucket="documents")

    assert isinstance(storage_from(settings).primary, LocalStorage)
    assert isinstance(storage_from(with_bucket).primary, S3Storage)


def test_preparing_asks_no_server(settings: Settings) -> None:
    nowhere = replace(settings, s3_bucket="documents", s3_endpoint_url="http://127.0.0.1:1")

    storage_from(nowhere).prepare()
