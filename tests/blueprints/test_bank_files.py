"""Bank files in the browser: looked at, imported once, taken back, columns explained."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from billify.application import bank_files
from billify.data.db import db
from billify.data.models import (
    Allocation,
    BankAccount,
    BankImport,
    BankTransaction,
    CashFlowPosition,
    CsvMapping,
)
from billify.data.queries import banking as queries
from billify.web import filters
from billify.web.access import today
from tests import factories
from tests.cast import Cast

IMPORTS = "/c/bakkerij-anna/bank/imports"
IBAN = "BE71096123456769"
HEADER = "Rekeningnummer;Boekingsdatum;Bedrag;Munt;Naam tegenpartij;Mededeling;Saldo"


def day(back: int) -> date:
    """A day before today."""
    return today() - timedelta(days=back)


def export(*rows: tuple[int, str, str, str, str]) -> bytes:
    """An export of one account: days back, amount, name, message, balance; newest first."""
    lines = [
        f"{IBAN};{filters.day(day(back))};{amount};EUR;{name};{message};{balance}"
        for back, amount, name, message, balance in rows
    ]
    return "\r\n".join([HEADER, *lines]).encode()


TWO = export(
    (3, "-50,00", "Garage", "fact 7", "1.050,00"),
    (4, "100,00", "Klant", "+++090/9337/55493+++", "1.100,00"),
)


def hand_in(cast: Cast, content: bytes, name: str = "export.csv") -> str:
    """Hand a file in as Anna; gives the address of what it holds."""
    answer = cast.anna.client().post(IMPORTS, data={"file": (io.BytesIO(content), name)})
    assert answer.status_code == 303, answer.text
    return answer.location


def count_of(model: type[BankTransaction | BankAccount | BankImport]) -> int:
    return db.session.scalar(select(func.count(model.id))) or 0


def as_new(balance: str = "1.000,00") -> dict[str, str]:
    return {"account-0": "new", "name-0": "Zicht", "balance-0": balance}


def test_a_file_is_shown_before_anything_changes(cast: Cast) -> None:
    where = hand_in(cast, TWO)

    text = cast.anna.client().get(where).text

    assert "BE71 0961 2345 6769" in text
    assert "+++090/9337/55493+++" in text
    assert "2 new, 0 known already" in text
    with factories.books_of(cast.anna):
        assert count_of(BankTransaction) == 0


def test_an_unknown_account_is_added_with_its_number_and_balance(cast: Cast) -> None:
    where = hand_in(cast, TWO)

    answer = cast.anna.client().post(where, data=as_new())

    assert answer.status_code == 303
    with factories.books_of(cast.anna):
        account = db.session.scalars(select(BankAccount)).one()
        lines = db.session.scalars(select(BankTransaction)).all()
        assert (account.name, account.iban, account.balance) == ("Zicht", IBAN, Decimal("1050.00"))
        assert {one.amount for one in lines} == {Decimal("-50.00"), Decimal("100.00")}
        assert {one.structured_communication for one in lines} == {"090933755493", None}
        assert queries.differences() == []


def test_the_same_file_twice_changes_nothing(cast: Cast) -> None:
    cast.anna.client().post(hand_in(cast, TWO), data=as_new())
    with factories.books_of(cast.anna):
        account = db.session.scalars(select(BankAccount)).one()
        account_id = str(account.id)

    where = hand_in(cast, TWO)
    shown = cast.anna.client().get(where).text
    cast.anna.client().post(where, data={"account-0": account_id})

    assert "0 new, 2 known already" in shown
    with factories.books_of(cast.anna):
        assert count_of(BankTransaction) == 2
        assert db.session.scalars(select(BankAccount.balance)).one() == Decimal("1050.00")


def test_overlapping_days_add_what_is_new_and_two_equal_payments_are_two(cast: Cast) -> None:
    coffee = ("-2,50", "Koffie", "koffie")
    first = export((3, *coffee, "997,50"))
    later = export((2, "-1,00", "Krant", "", "994,00"), (3, *coffee, "995,00"),
                   (3, *coffee, "997,50"))  # fmt: skip
    cast.anna.client().post(hand_in(cast, first), data=as_new())
    with factories.books_of(cast.anna):
        account_id = str(db.session.scalars(select(BankAccount.id)).one())

    cast.anna.client().post(hand_in(cast, later), data={"account-0": account_id})

    with factories.books_of(cast.anna):
        amounts = sorted(db.session.scalars(select(BankTransaction.amount)).all())
        assert amounts == [Decimal("-2.50"), Decimal("-2.50"), Decimal("-1.00")]
        assert db.session.scalars(select(BankAccount.balance)).one() == Decimal("994.00")


def test_a_line_of_another_source_is_the_same_movement(cast: Cast) -> None:
    with factories.books_of(cast.anna):
        account = factories.account()
        queries.keep_balance(account.id, day(30), Decimal("0.00"))
        factories.movement(
            on=account, amount="100.00", booked_on=day(4), external_id="ponto:1",
            structured_communication="090933755493",
        )  # fmt: skip
        db.session.commit()

    text = cast.anna.client().get(hand_in(cast, TWO)).text

    assert "1 new, 1 known already" in text


def test_days_before_the_first_balance_are_left_out_and_told(cast: Cast) -> None:
    with factories.books_of(cast.anna):
        account = factories.account()
        queries.keep_balance(account.id, day(3), Decimal("0.00"))
        db.session.commit()

    text = cast.anna.client().get(hand_in(cast, TWO)).text

    assert "before the first balance known of the account: 1" in text


REVOLUT = (
    "Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance\n"
    f"TOPUP,Current,{day(3)} 09:00:00,{day(3)} 09:00:01,In,100.00,0.00,EUR,COMPLETED,100.00\n"
).encode()


def test_a_file_without_a_number_shows_what_is_new_on_the_account_chosen(cast: Cast) -> None:
    with factories.books_of(cast.anna):
        account = factories.account()
        queries.keep_balance(account.id, day(30), Decimal("0.00"))
        factories.movement(on=account, amount="100.00", booked_on=day(3))
        account_id = str(account.id)
        db.session.commit()
    where = hand_in(cast, REVOLUT)

    first = cast.anna.client().get(where).text
    again = cast.anna.client().post(where, data={"account-0": account_id, "again": "1"}).text

    assert "1 new, 0 known already" in first
    assert "0 new, 1 known already" in again
    with factories.books_of(cast.anna):
        assert count_of(BankTransaction) == 1


def test_the_next_file_of_a_bank_without_numbers_goes_where_the_last_one_went(cast: Cast) -> None:
    cast.anna.client().post(hand_in(cast, REVOLUT), data=as_new("0,00"))

    text = cast.anna.client().get(hand_in(cast, REVOLUT)).text

    assert "0 new, 1 known already" in text


def test_an_import_is_taken_back_whole(cast: Cast) -> None:
    where = hand_in(cast, TWO)
    cast.anna.client().post(where, data=as_new())

    answer = cast.anna.client().post(f"{where}/undoing")

    assert answer.status_code == 303
    with factories.books_of(cast.anna):
        assert count_of(BankTransaction) == 0
        assert db.session.scalars(select(BankAccount.balance)).one() == Decimal("1000.00")
        assert set(db.session.scalars(select(CashFlowPosition.balance))) == {Decimal("1000.00")}
        assert queries.differences() == []
    assert "Taken back" in cast.anna.client().get(where).text
    assert cast.anna.client().post(f"{where}/undoing").status_code == 422


def test_an_import_that_settles_an_invoice_is_kept(cast: Cast) -> None:
    where = hand_in(cast, TWO)
    cast.anna.client().post(where, data=as_new())
    with factories.books_of(cast.anna):
        invoice = factories.invoice()
        line = db.session.scalars(select(BankTransaction).limit(1)).one()
        db.session.add(
            Allocation(invoice_id=invoice.id, transaction_id=line.id, amount=Decimal("1.00"))
        )
        db.session.commit()

    answer = cast.anna.client().post(f"{where}/undoing")

    assert answer.status_code == 422
    assert "settle an invoice" in answer.text
    with factories.books_of(cast.anna):
        assert count_of(BankTransaction) == 2


def test_a_statement_that_does_not_tie_is_warned_of(cast: Cast) -> None:
    untied = b"\r\n".join(
        (b":20:1", b":25:BE71096123456769", b":60F:C260101EUR10,00",
         b":61:2601020102C5,00NTRFNONREF", b":62F:C260102EUR20,00", b"-")
    )  # fmt: skip

    text = cast.anna.client().get(hand_in(cast, untied, "x.sta")).text

    assert "does not tie: 5,00 is missing" in text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "This file is empty."),
        (b"%PDF-1.7", "reads no PDF"),
        (b"hello\nthere", "Line 1: this is no bank statement"),
        (b"<!DOCTYPE x><x/>", "DOCTYPE"),
        (b"Datum;Bedrag;Saldo\r\n01/02/2026;abc;1,00\r\n", "Line 2: the amount cannot be read."),
    ],
)
def test_what_is_no_bank_file_is_refused_with_line_and_reason(
    content: bytes, said: str, cast: Cast
) -> None:
    answer = cast.anna.client().post(IMPORTS, data={"file": (io.BytesIO(content), "x.txt")})

    assert answer.status_code == 422
    assert said in answer.text


def test_columns_are_explained_once(cast: Cast) -> None:
    content = f"Wanneer;Hoeveel;Wie\r\n{filters.day(day(3))};12,50;Bakker\r\n".encode()
    where = hand_in(cast, content)

    asked = cast.anna.client().get(where)
    too_little = cast.anna.client().post(f"{where}/columns", data={"booked": "wanneer"})
    said = cast.anna.client().post(
        f"{where}/columns",
        data={"booked": "wanneer", "amount": "hoeveel", "counterparty_name": "wie"},
    )
    again = cast.anna.client().get(hand_in(cast, content))

    assert asked.location.endswith("/columns")
    assert "Hoeveel" in cast.anna.client().get(f"{where}/columns").text
    assert too_little.status_code == 422
    assert said.status_code == 303
    assert again.status_code == 200
    assert "Bakker" in again.text
    with factories.books_of(cast.anna):
        assert db.session.scalars(select(CsvMapping)).one().columns["amount"] == "hoeveel"


def test_a_file_that_was_only_looked_at_is_left(cast: Cast) -> None:
    where = hand_in(cast, TWO)

    assert cast.anna.client().post(f"{where}/deletion").status_code == 303

    assert cast.anna.client().get(where).status_code == 404


def test_a_new_account_wants_its_balance_and_a_bad_amount_is_told(cast: Cast) -> None:
    where = hand_in(cast, TWO)

    empty = cast.anna.client().post(where, data=as_new(""))
    odd = cast.anna.client().post(where, data=as_new("veel"))
    none = cast.anna.client().post(where, data={"account-0": "leave"})
    foreign = cast.anna.client().post(where, data={"account-0": "nonsense"})

    assert [one.status_code for one in (empty, odd, none, foreign)] == [422] * 4
    assert "Fill in what the account held" in empty.text
    assert "Choose an account" in none.text


def test_a_reader_only_may_not_import(cast: Cast) -> None:
    assert cast.bram.client().get(IMPORTS).status_code == 403
    assert "Bank files" not in cast.bram.client().get("/c/bakkerij-anna/bank").text


def test_the_same_account_can_not_be_another_company_s(cast: Cast) -> None:
    with factories.books_of(cast.chloe):
        theirs = str(factories.account().id)
        db.session.commit()
    where = hand_in(cast, TWO)

    answer = cast.anna.client().post(where, data={"account-0": theirs})

    assert answer.status_code == 422
    with factories.books_of(cast.anna):
        assert count_of(BankTransaction) == 0


def test_a_file_waits_two_days_at_most(cast: Cast) -> None:
    hand_in(cast, TWO)
    with factories.books_of(cast.anna):
        row = db.session.scalars(select(BankImport)).one()
        row.created_at -= bank_files.KEPT_FOR * 2
        db.session.commit()

    hand_in(cast, TWO)

    with factories.books_of(cast.anna):
        assert count_of(BankImport) == 1
