"""What every store promises, kept by a local folder and by a real S3 server."""

import hashlib
import os

import pytest

from billify.integrations.storage import (
    BadKey,
    NotStored,
    StorageDown,
)
from tests.fakes.storage import (
    COMPANY,
    INVOICE,
    KEY,
    OTHER_COMPANY,
    PREVIEW,
    Place,
    in_threads,
)


def test_what_was_put_is_got_back(place: Place) -> None:
    place.storage.put(KEY, INVOICE, "application/pdf")

    assert place.storage.get(KEY) == INVOICE


def test_an_empty_file_is_kept_too(place: Place) -> None:
    place.storage.put(KEY, b"", "application/pdf")

    assert place.storage.get(KEY) == b""


def test_four_megabytes_come_back_whole(place: Place) -> None:
    content = os.urandom(4 * 1024 * 1024)

    place.storage.put(KEY, content, "image/png")

    assert place.storage.get(KEY) == content


def test_putting_twice_is_harmless(place: Place) -> None:
    place.storage.put(KEY, INVOICE, "application/pdf")
    place.storage.put(KEY, INVOICE, "application/pdf")

    assert place.storage.get(KEY) == INVOICE


def test_a_preview_stands_beside_its_document(place: Place) -> None:
    place.storage.put(KEY, INVOICE, "application/pdf")
    place.storage.put(PREVIEW, b"a picture", "image/webp")

    assert place.storage.get(KEY) == INVOICE
    assert place.storage.get(PREVIEW) == b"a picture"


def test_companies_with_the_same_file_each_have_their_own(place: Place) -> None:
    theirs = KEY.replace(COMPANY, OTHER_COMPANY)
    place.storage.put(KEY, INVOICE, "application/pdf")
    place.storage.put(theirs, INVOICE, "application/pdf")

    place.storage.delete(theirs)

    assert place.storage.exists(KEY)
    assert not place.storage.exists(theirs)


def test_a_key_never_put_is_not_stored(place: Place) -> None:
    place.storage.put(PREVIEW, b"a picture", "image/webp")

    with pytest.raises(NotStored):
        place.storage.get(KEY)
    assert not place.storage.exists(KEY)


def test_a_deleted_key_is_gone(place: Place) -> None:
    place.storage.put(KEY, INVOICE, "application/pdf")

    place.storage.delete(KEY)

    assert not place.storage.exists(KEY)
    with pytest.raises(NotStored):
        place.storage.get(KEY)


def test_deleting_what_is_not_there_is_fine(place: Place) -> None:
    place.storage.delete(KEY)

    assert not place.storage.exists(KEY)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "..",
        "../../etc/passwd",
        f"{COMPANY}/../{OTHER_COMPANY}/{'a' * 64}",
        f"/{KEY}",
        f"{KEY}/",
        f"{KEY}\n",
        f"{KEY}\0.webp",
        f"{KEY}.",
        f"{KEY}..webp",
        f"{KEY}.page-1.webp.part",
        KEY.upper(),
        "/".join([COMPANY, "a" * 63]),
        f"{KEY}?versionId=1",
    ],
)
def test_a_key_that_is_not_one_of_ours_is_refused(place: Place, key: str) -> None:
    for use in (place.storage.get, place.storage.delete, place.storage.exists):
        with pytest.raises(BadKey):
            use(key)
    with pytest.raises(BadKey):
        place.storage.put(key, INVOICE, "application/pdf")


def test_a_media_type_with_a_line_break_does_no_harm(place: Place) -> None:
    place.storage.put(KEY, INVOICE, "application/pdf\r\nx-amz-acl: public-read")

    assert place.storage.get(KEY) == INVOICE


def test_a_store_that_works_passes_its_check(place: Place) -> None:
    place.storage.check()


def test_a_store_that_is_down_says_so(place: Place) -> None:
    place.storage.put(KEY, INVOICE, "application/pdf")
    place.stop()

    with pytest.raises(StorageDown):
        place.storage.check()
    with pytest.raises(StorageDown):
        place.storage.put(PREVIEW, b"a picture", "image/webp")
    with pytest.raises(StorageDown):
        place.storage.get(KEY)
    with pytest.raises(StorageDown):
        place.storage.delete(KEY)


def test_a_store_that_comes_back_has_everything(place: Place) -> None:
    place.storage.put(KEY, INVOICE, "application/pdf")

    place.stop()
    place.start()

    assert place.storage.get(KEY) == INVOICE


def test_twenty_threads_put_and_get_at_once(place: Place) -> None:
    contents = {
        f"{COMPANY}/{hashlib.sha256(content).hexdigest()}": content
        for content in (f"invoice {number}".encode() for number in range(20))
    }
    got: dict[str, bytes] = {}

    def put_and_get(key: str) -> None:
        place.storage.put(key, contents[key], "application/pdf")
        got[key] = place.storage.get(key)

    in_threads(put_and_get, list(contents))

    assert got == contents
