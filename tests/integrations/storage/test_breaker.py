"""The circuit breaker: a store that hangs is not waited for twice."""

import socket
import time
from dataclasses import replace
from pathlib import Path

import pytest

from billify.config import Settings
from billify.integrations.storage import (
    NotStored,
    SpooledStorage,
    Stored,
)
from billify.integrations.storage.breaker import Breaker
from billify.integrations.storage.s3 import S3Storage
from tests.fakes.storage import INVOICE, KEY, PREVIEW, Clock, Unreliable


def test_a_store_that_hangs_is_asked_twice_and_then_left_alone(tmp_path: Path) -> None:
    primary = Unreliable(is_down=True)
    storage = SpooledStorage(primary, tmp_path, Breaker(clock=Clock()))

    answers = [storage.put(KEY, INVOICE, "application/pdf") for _ in range(5)]

    assert answers == [Stored.SPOOLED] * 5
    assert primary.calls == 2


def test_an_open_breaker_tries_once_each_fifteen_seconds(tmp_path: Path) -> None:
    clock = Clock()
    primary = Unreliable(is_down=True)
    storage = SpooledStorage(primary, tmp_path, Breaker(clock=clock))
    for _ in range(2):
        storage.put(KEY, INVOICE, "application/pdf")

    clock.now += 14.9
    storage.put(KEY, INVOICE, "application/pdf")
    calls_before = primary.calls
    clock.now += 0.1
    for _ in range(3):
        storage.put(KEY, INVOICE, "application/pdf")

    assert (calls_before, primary.calls) == (2, 3)


def test_one_good_answer_closes_the_breaker(tmp_path: Path) -> None:
    clock = Clock()
    primary = Unreliable(is_down=True)
    storage = SpooledStorage(primary, tmp_path, Breaker(clock=clock))
    for _ in range(2):
        storage.put(KEY, INVOICE, "application/pdf")
    primary.is_down = False
    clock.now += 15

    answers = [storage.put(PREVIEW, b"a picture", "image/webp") for _ in range(3)]

    assert answers == [Stored.PRIMARY] * 3


def test_a_missing_key_is_an_answer_and_not_a_failure(tmp_path: Path) -> None:
    storage = SpooledStorage(Unreliable(), tmp_path, Breaker(clock=Clock()))

    for _ in range(3):
        with pytest.raises(NotStored):
            storage.get(KEY)

    assert storage.put(KEY, INVOICE, "application/pdf") is Stored.PRIMARY


def test_an_open_breaker_answers_at_once_when_an_s3_server_hangs(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=16) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        primary = S3Storage(replace(settings, s3_bucket="documents", s3_endpoint_url=url))
        breaker = Breaker()
        storage = SpooledStorage(primary, settings.spool_dir, breaker)
        breaker.failed()
        breaker.failed()

        started = time.monotonic()
        answer = storage.put(KEY, INVOICE, "application/pdf")

    assert answer is Stored.SPOOLED
    assert time.monotonic() - started < 1
