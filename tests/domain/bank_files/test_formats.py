"""CODA, CAMT and MT940: what is read, and what is refused with its line."""

from datetime import date
from decimal import Decimal

import pytest

from billify.domain import bank_files
from billify.domain.bank_files import State, Unreadable
from tests.domain.bank_files import samples


def read(text: str) -> bank_files.BankFile:
    return bank_files.read(text.encode())


def test_coda_gives_movements_and_leaves_the_parts_of_a_batch_inside() -> None:
    found = read(samples.CODA)

    (statement,) = found.statements
    paid, wages = statement.movements
    assert (found.format, found.bank, found.warnings, found.notes) == ("coda", "KBC", (), ())
    assert (statement.account, statement.currency) == ("BE68539007547034", "EUR")
    assert (statement.opening_balance, statement.closing_balance) == (
        Decimal("1000.00"),
        Decimal("1071.00"),
    )
    assert (paid.amount, paid.structured) == (Decimal("121.00"), "090933755493")
    assert (paid.counterparty_name, paid.counterparty_account) == (
        "Molens van Deinze",
        "BE71096123456769",
    )
    assert (wages.amount, wages.message) == (Decimal("-50.00"), "LONEN")
    assert [part.amount for part in wages.details] == [Decimal("-20.00"), Decimal("-30.00")]


def test_a_belgian_number_of_before_becomes_its_iban() -> None:
    old = samples.CODA.replace(
        "12001BE68539007547034                  EUR", "10001539007547034 EUR0BE                  "
    )

    assert read(old).statements[0].account == "BE68539007547034"


@pytest.mark.parametrize(
    ("was", "becomes", "line"),
    [
        ("2100010000REF1                 0000000000121000", "2100010000REF1  0000x", 3),
        ("8001BE", "7001BE", 9),
        ("2200010000", "2200010000" + " " * 140 + "x", 4),
    ],
)
def test_a_broken_coda_line_is_refused_with_its_number(was: str, becomes: str, line: int) -> None:
    with pytest.raises(Unreadable) as refused:
        read(samples.CODA.replace(was, becomes, 1))

    assert refused.value.line == line
    assert str(refused.value).startswith(f"Line {line}")


def test_a_statement_that_does_not_tie_is_warned_of() -> None:
    found = read(samples.CODA.replace("EUR0000000001071000", "EUR0000000001071010"))

    (warning,) = found.warnings
    assert "0,01 is missing" in str(warning)


def test_a_statement_that_was_cut_off_is_told() -> None:
    found = read("\n".join(samples.CODA.split("\r\n")[:8]))

    assert found.statements[0].closing_balance is None
    assert "no closing balance" in str(found.notes[0])


def test_camt_is_read_without_a_namespace_and_with_names_in_pty() -> None:
    found = read(samples.CAMT)

    (statement,) = found.statements
    (movement,) = statement.movements
    assert (statement.opening_balance, statement.closing_balance) == (
        Decimal("100.00"),
        Decimal("88.00"),
    )
    assert (movement.amount, movement.booked_on) == (Decimal("-12.00"), date(2026, 1, 2))
    assert (movement.counterparty_name, movement.counterparty_account) == (
        "Garage",
        "BE71096123456769",
    )
    assert movement.structured == "090933755493"
    assert found.warnings == ()


def test_camt_of_any_version_is_the_same() -> None:
    for version in ("052.001.02", "053.001.13", "054.001.09"):
        space = f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{version}">'

        found = read(samples.CAMT.replace("<Document>", space))

        assert found.statements == read(samples.CAMT).statements


def test_what_is_not_booked_changes_no_balance() -> None:
    found = read(samples.CAMT.replace("BOOK", "PDNG").replace(">88.00<", ">100.00<"))

    assert found.statements[0].movements[0].state is State.PENDING
    assert found.warnings == ()
    assert "not booked yet" in str(found.notes[0])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (samples.CAMT.replace("?>", "?><!DOCTYPE a [<!ENTITY b 'c'>]>", 1), "DOCTYPE"),
        (samples.CAMT[:800], "Line 1[12]: the XML is broken"),
        ("<Document><BkToCstmrStmt/></Document>", "Line 1: this XML file holds no bank statement"),
        (samples.CAMT.replace(">12.00<", ">NaN<"), "Line 7: the amount"),
        (samples.CAMT.replace(">12.00<", ">1E9<"), "Line 7: the amount"),
        (samples.CAMT.replace("<CdtDbtInd>DBIT", "<CdtDbtInd>?"), "Line 7: the amount"),
    ],
)
def test_a_bad_camt_file_is_refused(text: str, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        read(text)


def test_an_entity_in_utf_16_is_seen_too() -> None:
    hostile = samples.CAMT.replace("?>", "?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///x'>]>", 1)

    for name in ("utf-16", "utf-16-le"):
        with pytest.raises(Unreadable):
            bank_files.read(hostile.replace('"1.0"', '"1.0" encoding="utf-16"').encode(name))


def test_mt940_takes_what_banks_really_write() -> None:
    found = read(samples.MT940)

    (statement,) = found.statements
    first, second = statement.movements
    assert (statement.account, statement.currency) == ("BE68539007547034", "EUR")
    assert (first.value_date, first.booked_on) == (date(2025, 12, 31), date(2026, 1, 2))
    assert (first.amount, first.counterparty_name) == (Decimal("-12.5"), "Garage")
    assert first.structured == "090933755493"
    assert (second.amount, second.booked_on) == (Decimal("-7.50"), date(2026, 3, 2))
    assert second.value_date == date(2026, 2, 28)
    assert second.message == "Teruggenomen om 12 :26:37 uur"
    assert found.warnings == ()


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("C251231EUR100,", "C251231EUR", "Line 5: the balance"),
        ("D12,5N", "D12,5,0N", "Line 6: the amount"),
        ("2512310102D", "hello", "Line 6: the movement"),
    ],
)
def test_a_bad_mt940_line_is_refused(was: str, becomes: str, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        read(samples.MT940.replace(was, becomes))


def test_a_german_message_is_read_from_its_boxes() -> None:
    found = read(
        ":20:1\n:25:1/2\n:61:260102D1,00NMSC\n:86:105?00SEPA?20EREF+1?21 rest?3010020030"
        "?31DE89370400440532013000?32Finanz\namt?33 Nord\n-"
    )

    (movement,) = found.statements[0].movements
    assert (movement.counterparty_name, movement.counterparty_account) == (
        "Finanzamt Nord",
        "DE89370400440532013000",
    )
    assert movement.message == "EREF+1 rest"
