"""The spool in front: nothing accepted is lost while the store is down, over each store."""

import os
from pathlib import Path

import pytest

from billify.integrations.storage import (
    SpooledStorage,
    StorageDown,
    Stored,
)
from tests.fakes.storage import (
    INVOICE,
    KEY,
    PREVIEW,
    Clock,
    Place,
    Unreliable,
    spooled,
)


def test_a_put_says_that_it_reached_the_store(place: Place) -> None:
    storage = spooled(place)

    assert storage.put(KEY, INVOICE, "application/pdf") is Stored.PRIMARY
    assert storage.pending() == []
    assert place.storage.get(KEY) == INVOICE


def test_bytes_are_spooled_while_the_store_is_down(place: Place) -> None:
    storage = spooled(place)
    place.stop()

    assert storage.put(KEY, INVOICE, "application/pdf") is Stored.SPOOLED
    assert storage.pending() == [KEY]
    assert storage.get(KEY) == INVOICE
    assert storage.exists(KEY)


def test_spooled_bytes_survive_a_restart(place: Place) -> None:
    place.stop()
    spooled(place).put(KEY, INVOICE, "application/pdf")

    after_restart = spooled(place)

    assert after_restart.get(KEY) == INVOICE
    assert after_restart.pending() == [KEY]


def test_spooled_bytes_move_when_the_store_is_back(place: Place) -> None:
    place.stop()
    spooled(place).put(KEY, INVOICE, "application/pdf")
    place.start()
    storage = spooled(place)

    assert storage.move(KEY)

    assert storage.pending() == []
    assert place.storage.get(KEY) == INVOICE
    assert storage.get(KEY) == INVOICE


def test_moving_again_is_harmless(place: Place) -> None:
    place.stop()
    spooled(place).put(KEY, INVOICE, "application/pdf")
    place.start()
    storage = spooled(place)

    assert [storage.move(KEY), storage.move(KEY)] == [True, True]
    assert place.storage.get(KEY) == INVOICE


def test_a_move_while_the_store_is_still_down_loses_nothing(place: Place) -> None:
    storage = spooled(place)
    place.stop()
    storage.put(KEY, INVOICE, "application/pdf")

    with pytest.raises(StorageDown):
        storage.move(KEY)

    assert storage.pending() == [KEY]
    assert storage.get(KEY) == INVOICE


def test_moving_what_was_never_put_is_not_a_success(place: Place) -> None:
    assert spooled(place).move(KEY) is False


def test_deleting_forgets_the_spooled_copy_too(place: Place) -> None:
    place.stop()
    spooled(place).put(KEY, INVOICE, "application/pdf")
    place.start()
    storage = spooled(place)

    storage.delete(KEY)

    assert not storage.exists(KEY)
    assert storage.pending() == []


def test_a_delete_that_fails_forgets_nothing(place: Place) -> None:
    storage = spooled(place)
    place.stop()
    storage.put(KEY, INVOICE, "application/pdf")

    with pytest.raises(StorageDown):
        storage.delete(KEY)

    assert storage.get(KEY) == INVOICE


def test_pending_lists_the_oldest_first(place: Place) -> None:
    storage = spooled(place)
    place.stop()
    storage.put(PREVIEW, b"a picture", "image/webp")
    storage.put(KEY, INVOICE, "application/pdf")
    os.utime(storage.spool.path(PREVIEW), (1_000_000, 1_000_000))

    assert storage.pending() == [PREVIEW, KEY]


def test_a_broken_store_passes_its_check_again_once_mended(place: Place) -> None:
    clock = Clock()
    storage = spooled(place, clock=clock)
    place.stop()
    for _ in range(2):
        with pytest.raises(StorageDown):
            storage.check()
    place.start()

    clock.now += 15

    storage.check()


def test_the_media_type_travels_with_the_spooled_bytes(tmp_path: Path) -> None:
    primary = Unreliable(is_down=True)
    storage = SpooledStorage(primary, tmp_path)
    storage.put(KEY, INVOICE, "application/pdf")
    primary.is_down = False

    storage.move(KEY)

    assert primary.kept == {KEY: (INVOICE, "application/pdf")}


def test_everything_that_waits_is_brought_home_together(place: Place) -> None:
    place.stop()
    spooled(place).put(KEY, INVOICE, "application/pdf")
    spooled(place).put(PREVIEW, b"a picture", "image/webp")
    place.start()
    storage = spooled(place)

    assert storage.move_all() == 2

    assert storage.pending() == []
    assert place.storage.get(KEY) == INVOICE
    assert place.storage.get(PREVIEW) == b"a picture"


def test_bringing_home_stops_at_the_first_failure(tmp_path: Path) -> None:
    primary = Unreliable(is_down=True)
    storage = SpooledStorage(primary, tmp_path)
    storage.put(KEY, INVOICE, "application/pdf")
    storage.put(PREVIEW, b"a picture", "image/webp")

    with pytest.raises(StorageDown):
        SpooledStorage(primary, tmp_path).move_all()

    assert primary.calls == 3
    assert sorted(storage.pending()) == [KEY, PREVIEW]
