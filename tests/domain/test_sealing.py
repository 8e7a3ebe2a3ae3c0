"""Sealed secrets open with a known key, in their own place, and nowhere else."""

import pytest

from billify.domain import sealing
from billify.domain.sealing import CannotOpen

OLD, NEW = "an old key of many characters, 2025", "a new key of many characters, 2026"
SECRET = {"client_id": "x", "refresh_token": "geheim"}


def test_what_is_sealed_opens_again() -> None:
    sealed = sealing.seal(SECRET, keys=[NEW], place="row 1")

    assert b"geheim" not in sealed
    assert sealing.open_sealed(sealed, keys=[NEW], place="row 1") == SECRET


def test_an_old_key_still_opens_and_the_new_one_seals() -> None:
    old = sealing.seal(SECRET, keys=[OLD], place="row 1")

    opened = sealing.open_sealed(old, keys=[NEW, OLD], place="row 1")
    fresh = sealing.seal(opened, keys=[NEW, OLD], place="row 1")

    assert sealing.open_sealed(fresh, keys=[NEW], place="row 1") == SECRET
    with pytest.raises(CannotOpen):
        sealing.open_sealed(old, keys=[NEW], place="row 1")


def test_it_does_not_open_in_another_row() -> None:
    sealed = sealing.seal(SECRET, keys=[NEW], place="row 1")

    with pytest.raises(CannotOpen, match="another row"):
        sealing.open_sealed(sealed, keys=[NEW], place="row 2")


def test_a_changed_byte_is_noticed() -> None:
    sealed = bytearray(sealing.seal(SECRET, keys=[NEW], place="row 1"))
    sealed[40] ^= 1

    with pytest.raises(CannotOpen):
        sealing.open_sealed(bytes(sealed), keys=[NEW], place="row 1")
