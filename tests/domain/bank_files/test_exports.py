"""CSV and XLSX: columns by their names, the way each bank writes amounts and days."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest

from billify.domain import bank_files
from billify.domain.bank_files import Columns, Role, UnknownColumns, Unreadable, cells, xlsx

KBC = (
    "Rekeningnummer;Rubrieknaam;Naam;Munt;Afschriftnummer;Datum;Omschrijving;Valuta;Bedrag;Saldo;"
    "credit;debet;rekeningnummer tegenpartij;BIC tegenpartij;Naam tegenpartij;Adres tegenpartij;"
    "gestructureerde mededeling;Vrije mededeling\r"
    "BE68539007547034;;X;EUR;2026001;03/01/2026;DOMICILIERING;03/01/2026;-1.050,00;50,00;;-1.050,00"
    ";;;;;;huur   \r"
    "BE68539007547034;;X;EUR;2026001;02/01/2026;OVERSCHRIJVING;02/01/2026;1.000,00;1.100,00;"
    "1.000,00;;BE71 0961 2345 6769;;Café;;***090/9337/55493***;"
)


def amounts(found: bank_files.BankFile) -> list[Decimal]:
    return [one.amount for each in found.statements for one in each.movements]


def test_kbc_is_read_with_its_own_line_ends_and_balances() -> None:
    found = bank_files.read(KBC.encode("cp1252"))

    (statement,) = found.statements
    first, second = statement.movements
    assert (found.bank, found.warnings) == ("KBC", ())
    assert (statement.opening_balance, statement.closing_balance) == (Decimal(100), Decimal(50))
    assert (first.amount, first.booked_on) == (Decimal("1000.00"), date(2026, 1, 2))
    assert (first.counterparty_account, first.counterparty_name) == ("BE71096123456769", "Café")
    assert first.structured == "090933755493"
    assert (second.amount, second.message) == (Decimal("-1050.00"), "huur")


def test_a_balance_that_does_not_follow_is_warned_of() -> None:
    found = bank_files.read(KBC.replace(";50,00;", ";51,00;").encode())

    assert len(found.warnings) == 1


def test_revolut_takes_the_fee_off_and_leaves_out_what_never_happened() -> None:
    found = bank_files.read(
        b"Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance\n"
        b"TOPUP,Current,2026-01-02 09:00:00,2026-01-02 09:00:01,In,100.00,0.00,EUR,COMPLETED,100\n"
        b"CARD,Current,2026-01-03 09:00:00,,Hold,-9.00,0.00,EUR,PENDING,\n"
        b"CARD,Current,2026-01-03 09:00:00,2026-01-04 09:00:00,A,-10.00,0.50,EUR,COMPLETED,89.5\n"
        b"CARD,Current,2026-01-03 09:00:00,2026-01-05 09:00:00,Gone,-7.00,0.00,EUR,REVERTED,\n"
    )

    assert amounts(found) == [Decimal("100.00"), Decimal("-10.50")]
    assert found.statements[0].closing_balance == Decimal("89.5")
    assert len(found.notes) == 2


def test_wise_keeps_fees_as_rows_of_their_own() -> None:
    found = bank_files.read(
        b'"TransferWise ID",Date,Amount,Currency,Description,"Running Balance","Payer Name",'
        b'"Payee Name","Total fees"\n'
        b'"T-1",14-03-2026,-0.41,EUR,"Charges for T-1",899.59,,,0\n'
        b'"T-1",14-03-2026,-100.00,EUR,"Sent",900.00,,"Foo BV",0.41\n'
    )

    assert amounts(found) == [Decimal("-100.00"), Decimal("-0.41")]
    assert found.statements[0].movements[0].counterparty_name == "Foo BV"


def test_columns_that_no_profile_knows_are_asked_for() -> None:
    content = b"Wanneer;Hoeveel;Wie\n01/02/2026;-1,00;Bakker\n"

    with pytest.raises(UnknownColumns) as unknown:
        bank_files.read(content)

    assert unknown.value.header == ("Wanneer", "Hoeveel", "Wie")
    wanted = Columns(((Role.BOOKED, "wanneer"), (Role.AMOUNT, "hoeveel")))
    assert amounts(bank_files.read(content, wanted=wanted)) == [Decimal("-1.00")]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("31/02/2026;1,00;x", "Line 3: “31/02/2026” is not a day."),
        ("01/02/2026;1,2,3;x", "Line 3: the amount cannot be read."),
        ("01/02/2026;;x", "Line 3: the amount cannot be read."),
    ],
)
def test_a_bad_row_is_refused_with_its_line(row: str, said: str) -> None:
    content = f"Datum;Bedrag;Mededeling\n01/02/2026;1,00;x\n{row}\n".encode()

    with pytest.raises(Unreadable, match=said):
        bank_files.read(content)


@pytest.mark.parametrize(
    ("text", "mark", "amount"),
    [
        ("-1.234,56", ",", "-1234.56"),
        ("1 234,56", ",", "1234.56"),
        ("12,50-", ",", "-12.50"),
        ("(12.50)", ".", "-12.50"),
        ("€ 12,50", ",", "12.50"),
        ("12,50 EUR", ",", "12.50"),
        ("1'234.50", ".", "1234.50"),
        ("abc", ",", None),
        ("1e5", ".", None),
    ],
)
def test_amounts_as_exports_write_them(text: str, mark: str, amount: str | None) -> None:
    assert cells.amount(text, mark) == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["1.234,56"], ","),
        (["1,234.56"], "."),
        (["12,5", "1.000"], ","),
        (["1.000", "2.500"], ","),
        (["1,000"], "."),
        (["12"], "."),
    ],
)
def test_the_mark_of_decimals_is_found_from_all_amounts(texts: list[str], mark: str) -> None:
    assert cells.decimal_mark(texts) == mark


@pytest.mark.parametrize(
    "text",
    ["02/01/2026", "2-1-2026", "2026-01-02 10:00:00", "20260102", "2 jan. 2026", "Jan 2, 2026"],
)
def test_days_as_exports_write_them(text: str) -> None:
    assert cells.day(text) == date(2026, 1, 2)


def test_days_are_american_only_when_nothing_else_fits() -> None:
    assert cells.is_month_first(["01/31/2026", "02/01/2026"])
    assert not cells.is_month_first(["01/02/2026"])
    assert cells.day("01/31/2026", month_first=True) == date(2026, 1, 31)


def book(rows: str, shared: str = "") -> bytes:
    """A workbook of one sheet."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        sheet = f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'
        out.writestr("xl/worksheets/sheet1.xml", sheet)
        out.writestr("xl/sharedStrings.xml", f'<sst xmlns="{space}">{shared}</sst>')
    return made.getvalue()


def test_a_workbook_holds_texts_numbers_and_days_as_numbers() -> None:
    content = book(
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>Bedrag</t></is></c>'
        '<c r="D1" t="str"><v>Mededeling</v></c></row>'
        '<row r="2"><c r="A2"><v>46024</v></c><c r="C2"><v>-12.340000000000001</v></c></row>',
        "<si><t>Datum</t></si>",
    )

    (movement,) = bank_files.read(content).statements[0].movements

    assert (movement.booked_on, movement.amount) == (date(2026, 1, 2), Decimal("-12.34"))


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_BYTES", 1000)

    with pytest.raises(Unreadable, match="unpacks to more"):
        bank_files.read(book("<row/>" * 1000))


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04 cut off", book("")[:-30], book('<row><c t="s"><v>x</v></c></row>')]
)
def test_a_damaged_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        bank_files.read(content)
