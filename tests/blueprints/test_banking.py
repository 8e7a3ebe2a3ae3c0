"""The bank room: accounts and movements by hand, and who may do it."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import select

from billify.application import cash_flow
from billify.data import tenancy
from billify.data.db import db
from billify.data.models import BankAccount, BankTransaction
from billify.data.queries import banking as queries
from billify.web import filters
from billify.web.access import today
from tests import factories
from tests.cast import Cast

BANK = "/c/bakkerij-anna/bank"
IBAN = "BE71 0961 2345 6769"


def account_form(**more: str) -> dict[str, str]:
    """What a person fills in to add an account."""
    return {
        "name": "Zichtrekening",
        "kind": "current",
        "iban": IBAN,
        "balance": "1.234,56",
        "day": filters.day(today() - timedelta(days=10)),
        **more,
    }


def added(cast: Cast, **more: str) -> BankAccount:
    """An account that Anna added by hand."""
    assert (
        cast.anna.client().post(f"{BANK}/accounts/new", data=account_form(**more)).status_code
        == 303
    )
    assert cast.anna.company_id is not None
    with tenancy.company_scope(cast.anna.company_id):
        return db.session.scalars(
            select(BankAccount).order_by(BankAccount.id.desc()).limit(1)
        ).one()


def test_an_account_is_added_by_hand_and_stands_in_the_list(cast: Cast) -> None:
    account = added(cast)

    text = cast.bram.client().get(BANK).text

    assert (account.iban, account.balance) == ("BE71096123456769", Decimal("1234.56"))
    assert "Zichtrekening" in text
    assert "BE71 0961 2345 6769" in text
    assert "1.234,56" in text


def test_the_room_is_empty_at_first_and_offers_what_to_do(cast: Cast) -> None:
    text = cast.anna.client().get(BANK).text

    assert "No account yet" in text
    assert f"{BANK}/accounts/new" in text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": ""}, "Fill this in."),
        ({"iban": "BE71 0961 2345 6768"}, "is not a valid IBAN"),
        ({"balance": "1.234,5,6"}, "field--bad"),
        ({"balance": "9" * 30}, "too large"),
        ({"day": "31/02/2026"}, "does not exist"),
        ({"day": "01/01/2099"}, "has yet to come"),
        ({"kind": "casino"}, "Choose one"),
    ],
)
def test_a_bad_account_gets_a_sentence(cast: Cast, given: dict[str, str], said: str) -> None:
    answer = cast.anna.client().post(f"{BANK}/accounts/new", data=account_form(**given))

    assert answer.status_code == 422
    assert said in answer.text


def test_the_same_iban_twice_is_refused(cast: Cast) -> None:
    added(cast)

    answer = cast.anna.client().post(f"{BANK}/accounts/new", data=account_form(name="Nog een"))

    assert answer.status_code == 422
    assert "already belongs to the account Zichtrekening" in answer.text


def test_an_account_changes_its_name(cast: Cast) -> None:
    account = added(cast)
    form = {"name": "KBC zicht", "kind": "current", "iban": IBAN}

    answer = cast.anna.client().post(f"{BANK}/accounts/{account.id}", data=form)

    assert answer.status_code == 303
    assert "KBC zicht" in cast.anna.client().get(BANK).text


def test_a_movement_is_entered_and_moves_the_balance(cast: Cast) -> None:
    account = added(cast)
    form = {"way": "out", "amount": "34,56", "day": filters.day(today()), "counterparty": "Bloemen"}

    answer = cast.anna.client().post(f"{BANK}/accounts/{account.id}/movements/new", data=form)

    assert answer.status_code == 303
    text = cast.anna.client().get(BANK).text
    assert "Bloemen" in text
    assert "1.200,00" in text
    with tenancy.company_scope(account.company_id):
        assert cash_flow.verify() == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"amount": ""}, "Fill this in."),
        ({"amount": "abc"}, "field--bad"),
        ({"day": "01/01/2099"}, "has yet to come"),
        ({"day": "01/01/1990"}, "before the first balance known"),
        ({"way": "sideways"}, "Choose one"),
    ],
)
def test_a_bad_movement_gets_a_sentence(cast: Cast, given: dict[str, str], said: str) -> None:
    account = added(cast)
    form = {"way": "in", "amount": "10,00", "day": filters.day(today()), **given}

    answer = cast.anna.client().post(f"{BANK}/accounts/{account.id}/movements/new", data=form)

    assert answer.status_code == 422
    assert said in answer.text


def test_counted_cash_is_set_as_a_balance(cast: Cast) -> None:
    account = added(cast, kind="cash", name="Kassa", iban="")
    form = {"balance": "200,00", "day": filters.day(today())}

    answer = cast.anna.client().post(f"{BANK}/accounts/{account.id}/balance", data=form)

    assert answer.status_code == 303
    text = cast.anna.client().get(BANK).text
    assert "200,00" in text
    assert "Balance set by hand" in text


def test_movements_are_filtered_by_account_day_and_words(cast: Cast) -> None:
    account = added(cast)
    other = added(cast, iban="", name="Spaar", kind="savings")
    day = today()
    with tenancy.company_scope(account.company_id):
        factories.movement(on=account, booked_on=day, counterparty_name="Molens van Deinze")
        factories.movement(on=account, booked_on=day, remittance_information="100% korting_x")
        factories.movement(
            on=other, booked_on=day - timedelta(days=5), counterparty_name="Huisbank"
        )
    client = cast.bram.client()

    assert "Huisbank" not in client.get(f"{BANK}?account={account.id}").text
    assert "Huisbank" not in client.get(f"{BANK}?from={filters.day(day)}").text
    found = client.get(f"{BANK}?q=molens", headers={"HX-Request-Type": "partial"}).text
    assert "Molens van Deinze" in found
    assert "korting" not in found
    assert "<h1" not in found
    assert "korting" in client.get(f"{BANK}?q=0%25+korting_").text


def test_a_search_without_days_looks_back_a_quarter_and_says_so(cast: Cast) -> None:
    account = added(cast)
    with tenancy.company_scope(account.company_id):
        long_ago = today() - timedelta(days=200)
        factories.movement(on=account, booked_on=long_ago, counterparty_name="Molens")

    answer = cast.bram.client().get(f"{BANK}?q=molens")

    assert "No movement found" in answer.text
    assert "Searched from" in answer.text


def test_more_movements_come_by_key_and_none_twice(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    account = added(cast)
    with tenancy.company_scope(account.company_id):
        for at in range(5):
            factories.movement(on=account, booked_on=today(), counterparty_name=f"Partner {at}")
    client = cast.bram.client()
    seen, address, pages = [], f"{BANK}/movements", 0

    while address:
        text = client.get(address).text
        seen += [
            f"Partner {at}"
            for at in range(5)
            if f"Partner {at}<" in text or f"Partner {at}\n" in text
        ]
        links = [part.split('"', 1)[0] for part in text.split('hx-get="')[1:]]
        address = next((one.replace("&amp;", "&") for one in links if "after=" in one), "")
        pages += 1

    assert pages == 3
    assert sorted(seen) == [f"Partner {at}" for at in range(5)]


@pytest.mark.parametrize(
    "asked",
    [
        "?account=x",
        "?after=x",
        "?after=2026-13-40_x",
        "?account=01930000-0000-7000-8000-000000000000",
    ],
)
def test_an_impossible_filter_never_breaks(cast: Cast, asked: str) -> None:
    assert cast.anna.client().get(BANK + asked).status_code in (200, 404)


def test_a_bad_day_in_the_filter_is_said_and_left_out(cast: Cast) -> None:
    added(cast)

    answer = cast.anna.client().get(f"{BANK}?from=31/02/2026&until=gisteren")

    assert answer.status_code == 200
    assert "does not exist" in answer.text
    assert "Write the date as dd/mm/yyyy." in answer.text


def test_who_may_only_read_sees_but_does_not_change(cast: Cast) -> None:
    account = added(cast)
    client = cast.bram.client()

    assert client.get(BANK).status_code == 200
    for address in _changes(account.id):
        assert client.get(address).status_code == 403
        assert client.post(address, data={}).status_code == 403


def test_a_stranger_finds_nothing(cast: Cast) -> None:
    account = added(cast)
    stranger = cast.chloe.client()

    assert stranger.get(BANK).status_code == 404
    for address in _changes(account.id):
        assert stranger.get(address).status_code == 404
        own = address.replace("bakkerij-anna", "chocolaterie-chloe")
        if str(account.id) in own:
            assert stranger.get(own).status_code == 404
            assert stranger.post(own, data={}).status_code == 404


def test_nothing_moves_in_another_company(cast: Cast) -> None:
    account = added(cast)
    chloe = cast.chloe.client()
    form = {"way": "in", "amount": "10,00", "day": filters.day(today())}

    chloe.post(f"/c/chocolaterie-chloe/bank/accounts/{account.id}/movements/new", data=form)

    with tenancy.company_scope(account.company_id):
        assert db.session.scalars(select(BankTransaction)).all() == []


def _changes(account_id: UUID) -> list[str]:
    return [
        f"{BANK}/accounts/new",
        f"{BANK}/accounts/{account_id}",
        f"{BANK}/accounts/{account_id}/movements/new",
        f"{BANK}/accounts/{account_id}/balance",
    ]
