"""Codes of an app and recovery codes, by the examples of the RFC and by what people type."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from billify.domain import second_step

# RFC 6238, appendix B: the seed of the examples, whose last six digits are the code here.
SEED = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"),
     (2000000000, "279037"), (20000000000, "353130")],
)  # fmt: skip
def test_the_examples_of_the_rfc(seconds: int, code: str) -> None:
    now = datetime.fromtimestamp(seconds, UTC)

    assert second_step.matching_step(seed=SEED, code=code, now=now, after=0) == seconds // 30


NOW = datetime.fromtimestamp(1111111111, UTC)


@pytest.mark.parametrize(
    ("off", "is_taken"), [(-61, False), (-31, True), (-1, True), (0, True), (29, True), (62, False)]
)
def test_a_phone_s_clock_may_be_one_step_off(off: int, is_taken: bool) -> None:
    found = second_step.matching_step(
        seed=SEED, code="050471", now=NOW - timedelta(seconds=off), after=0
    )

    assert (found == 1111111111 // 30) is is_taken


@pytest.mark.parametrize("after", [1111111111 // 30, 1111111111 // 30 + 1])
def test_a_step_that_was_used_or_left_behind_is_not_taken(after: int) -> None:
    assert second_step.matching_step(seed=SEED, code="050471", now=NOW, after=after) is None


@pytest.mark.parametrize("code", ["050472", "50471", "", "٠٥٠٤٧١", "0504711", "abcdef"])
def test_another_code_is_not_taken(code: str) -> None:
    assert second_step.matching_step(seed=SEED, code=code, now=NOW, after=0) is None


@pytest.mark.parametrize(
    "typed", ["050471", " 050 471 ", "050-471", "050\u00a0471", "050\u2013471"]
)
def test_a_code_is_read_however_it_is_spaced(typed: str) -> None:
    assert second_step.plain(typed) == "050471"
    assert second_step.is_of_app(second_step.plain(typed))


def test_recovery_codes_are_ten_of_eighty_bits_and_known_again_however_they_are_typed() -> None:
    codes = second_step.new_recovery_codes()

    assert len(set(codes)) == 10
    assert {len(second_step.plain(code)) for code in codes} == {16}
    assert not any(second_step.is_of_app(second_step.plain(code)) for code in codes)
    assert second_step.recovery_hash(codes[0].upper().replace("-", " ")) == (
        second_step.recovery_hash(codes[0])
    )


def test_the_address_in_the_qr_code_names_us_and_the_account() -> None:
    found = second_step.address(seed=SEED, email="anna@bakkerij.be")

    assert found.startswith("otpauth://totp/Billify:anna%40bakkerij.be?")
    assert f"secret={SEED}" in found
    assert "issuer=Billify" in found


def test_seeds_are_of_160_bits_and_never_the_same() -> None:
    seeds = {second_step.new_seed() for _ in range(3)}

    assert {len(base64.b32decode(seed)) for seed in seeds} == {20}
    assert len(seeds) == 3
