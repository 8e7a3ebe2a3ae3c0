"""The reconciliation screen: who may decide, what each button does, what it says to mistakes."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from billify.application import matching
from billify.data.db import db
from billify.data.models import (
    Allocation,
    BankAccount,
    BankTransaction,
    Contact,
    Invoice,
    MatchRejection,
)
from billify.data.types import uuid7
from billify.domain import references
from billify.domain.banking import MatchState, MovementState
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus
from billify.web.access import today
from tests import factories
from tests.cast import Cast, Member
from tests.factories import books_of

LIST = "/c/bakkerij-anna/bank/reconcile"
SALE = InvoiceDirection.SALE
OGM = references.make_structured(2026000777)
PAYER = {"counterparty_name": "DAKWERKEN PEETERS", "counterparty_iban": "BE68539007547034"}


class Desk:
    """A company with a customer, an account and lines that were looked at."""

    def __init__(self, who: Member) -> None:
        self.who = who
        self.client = who.client()
        with books_of(who):
            self.peeters: Contact = factories.contact(
                "Dakwerken Peeters BV", is_customer=True, is_supplier=False
            )
            self.account: BankAccount = factories.account()

    def sale(self, gross: str, **more: Any) -> UUID:  # Any: columns
        with books_of(self.who):
            return factories.invoice(of=self.peeters, gross=gross, direction=SALE, **more).id

    def line(self, amount: str, text: str = "", **more: Any) -> UUID:  # Any: columns
        values = {"booked_on": today() - timedelta(days=2), "remittance_information": text}
        with books_of(self.who):
            return factories.movement(
                on=self.account, amount=amount, **{**values, **PAYER, **more}
            ).id

    def look(self) -> None:
        with books_of(self.who):
            matching.propose(today=today())

    def state(self, line_id: UUID) -> MatchState:
        with books_of(self.who):
            db.session.expire_all()
            return db.session.get_one(BankTransaction, line_id).match_state

    def invoice(self, invoice_id: UUID) -> Invoice:
        with books_of(self.who):
            db.session.expire_all()
            return db.session.get_one(Invoice, invoice_id)

    def rejections(self) -> list[MatchRejection]:
        with books_of(self.who):
            return list(db.session.scalars(select(MatchRejection)))

    def parts(self) -> list[Allocation]:
        with books_of(self.who):
            return list(db.session.scalars(select(Allocation).order_by(Allocation.id)))

    def seen(self, line_id: UUID, client: FlaskClient | None = None, at: int = 0) -> str:
        """What the screen shows as a proposal of the line."""
        text = (client or self.client).get(f"{LIST}/{line_id}").text
        return str(html.document_fromstring(text).xpath("//input[@name='seen']/@value")[at])


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return Desk(cast.anna)


def proposed(desk: Desk) -> tuple[UUID, UUID]:
    """A line that one of two equal invoices explains, and the invoice that is shown first."""
    desk.sale("99.00")
    desk.sale("99.00")
    line = desk.line("99.00", "betaling")
    desk.look()
    return line, UUID(desk.seen(line).split("=")[0])


def test_the_screen_is_empty_at_first(cast: Cast) -> None:
    text = cast.anna.client().get(LIST).text

    assert "Everything is explained" in text


def test_a_line_stands_beside_its_proposal_with_its_evidence(desk: Desk) -> None:
    line, invoice = proposed(desk)

    text = desk.client.get(LIST).text

    assert "DAKWERKEN PEETERS" in text
    assert str(desk.invoice(invoice).number) in text
    assert "The amount is exactly what is open: 99,00." in text
    assert "The name is that of Dakwerken Peeters BV." in text
    assert f"{LIST}/{line}/acceptance" in text


def test_who_may_only_look_gets_no_button(desk: Desk, cast: Cast) -> None:
    line, _invoice = proposed(desk)

    text = cast.bram.client().get(LIST).text

    assert "DAKWERKEN PEETERS" in text
    assert f"{LIST}/{line}/acceptance" not in text


def test_a_proposal_is_accepted(desk: Desk) -> None:
    line, invoice = proposed(desk)

    answer = desk.client.post(f"{LIST}/{line}/acceptance", data={"seen": desk.seen(line)})

    assert answer.status_code == 303
    assert desk.invoice(invoice).status is InvoiceStatus.PAID
    assert desk.state(line) is MatchState.MATCHED
    assert desk.parts()[0].made_by == desk.who.user_id


def test_the_row_comes_back_settled_and_tells_other_widgets(desk: Desk) -> None:
    line, invoice = proposed(desk)

    answer = desk.client.post(
        f"{LIST}/{line}/acceptance",
        data={"seen": desk.seen(line), "in": "list"},
        headers={"HX-Request": "true"},
    )

    assert f'id="l{line}"' in answer.text
    assert "Settled" in answer.text
    assert "by Anna" in answer.text
    assert f"/invoices/{invoice}" in answer.text
    for topic in ("bank", "sales", "purchases", "cash-flow"):
        assert f"{topic}-changed" in answer.headers["HX-Trigger"]


def test_another_proposal_than_the_one_seen_is_never_booked(desk: Desk) -> None:
    line, invoice = proposed(desk)

    answer = desk.client.post(f"{LIST}/{line}/acceptance", data={"seen": f"{uuid7()}=99.00"})

    assert answer.status_code == 422
    assert "This proposal is no longer there." in answer.text
    assert desk.invoice(invoice).status is InvoiceStatus.OPEN


def test_a_second_press_is_refused(desk: Desk) -> None:
    line, _invoice = proposed(desk)
    seen = desk.seen(line)
    desk.client.post(f"{LIST}/{line}/acceptance", data={"seen": seen})

    answer = desk.client.post(f"{LIST}/{line}/acceptance", data={"seen": seen})

    assert answer.status_code == 422
    assert len(desk.parts()) == 1


def test_a_refused_proposal_does_not_come_back(desk: Desk) -> None:
    line, invoice = proposed(desk)

    desk.client.post(f"{LIST}/{line}/rejection", data={"seen": desk.seen(line)})
    desk.look()

    assert [one.invoice_id for one in desk.rejections()] == [invoice]
    assert not desk.seen(line).startswith(str(invoice))


def test_a_small_rest_is_let_go_when_asked(desk: Desk) -> None:
    invoice = desk.sale("1000.00", number="2026-0815")
    line = desk.line("995.00", "betaling", counterparty_iban=None)
    desk.look()

    desk.client.post(f"{LIST}/{line}/acceptance", data={"seen": desk.seen(line), "rest": "off"})

    assert desk.invoice(invoice).status is InvoiceStatus.PAID
    assert desk.parts()[0].written_off == Decimal("5.00")


def test_what_an_overpayment_leaves_over_is_said(desk: Desk) -> None:
    desk.sale("100.00", number="2026-0816")
    desk.line("112.50", "factuur 2026-0816")
    desk.look()

    assert "12,50 of the line is left over" in desk.client.get(LIST).text


def test_a_line_without_an_invoice_gets_its_category(desk: Desk) -> None:
    line = desk.line("-12.50", "kosten", counterparty_name="KBC Bank")
    desk.look()

    desk.client.post(f"{LIST}/{line}/setting-aside", data={"category": "bank"})

    assert desk.state(line) is MatchState.SET_ASIDE
    assert "Bank costs and interest" in desk.client.get(f"{LIST}?view=settled").text


def test_a_strange_category_is_refused(desk: Desk) -> None:
    line = desk.line("-12.50")

    for given in ("casino", str(uuid7())):
        answer = desk.client.post(f"{LIST}/{line}/setting-aside", data={"category": given})

        assert answer.status_code == 422
        assert "Choose a category from the list." in answer.text
    assert desk.state(line) is MatchState.NEW


def test_what_was_settled_is_taken_back_and_its_evidence_kept(desk: Desk) -> None:
    invoice = desk.sale("1210.00", payment_reference=OGM)
    line = desk.line("1210.00", structured_communication=OGM)
    desk.look()
    assert "by its evidence" in desk.client.get(f"{LIST}?view=settled").text

    desk.client.post(f"{LIST}/{line}/undoing")

    assert desk.invoice(invoice).status is InvoiceStatus.OPEN
    text = desk.client.get(f"{LIST}/{line}").text
    assert "Taken back: 1.210,00 of invoice" in text
    assert "The structured communication is that of invoice" in text


def test_a_line_set_aside_is_taken_up_again(desk: Desk) -> None:
    line = desk.line("-12.50")
    desk.client.post(f"{LIST}/{line}/setting-aside")

    desk.client.post(f"{LIST}/{line}/undoing")

    assert desk.state(line) is MatchState.NEW


def choice(*picks: tuple[UUID, str], do: str = "settle", **more: str) -> dict[str, Any]:
    """The form of invoices chosen by hand."""
    amounts = {f"amount-{key}": amount for key, amount in picks}
    return {"invoice": [str(key) for key, _ in picks], **amounts, "do": do, **more}


def test_one_line_is_split_over_invoices_chosen_by_hand(desk: Desk) -> None:
    first, second = desk.sale("300.00"), desk.sale("200.00")
    credit = desk.sale("50.00", kind=InvoiceKind.CREDIT_NOTE)
    line = desk.line("400.00", "volgens afspraak")

    answer = desk.client.post(
        f"{LIST}/{line}/choice",
        data=choice((first, "300,00"), (second, "150,00"), (credit, "50,00")),
    )

    assert answer.status_code == 303
    assert desk.invoice(first).status is InvoiceStatus.PAID
    assert desk.invoice(second).open_amount == Decimal("50.00")
    assert desk.invoice(credit).status is InvoiceStatus.PAID


def test_the_rest_of_an_invoice_is_let_go_by_hand(desk: Desk) -> None:
    invoice = desk.sale("100.00")
    line = desk.line("97.00")

    desk.client.post(
        f"{LIST}/{line}/choice", data=choice((invoice, "97,00"), **{f"rest-{invoice}": "off"})
    )

    assert desk.invoice(invoice).status is InvoiceStatus.PAID


def test_an_overpayment_leaves_a_rest_that_can_still_be_used(desk: Desk) -> None:
    first = desk.sale("100.00")
    line = desk.line("150.00")
    desk.client.post(f"{LIST}/{line}/choice", data=choice((first, "100,00")))
    assert "50,00 settles nothing yet" in desk.client.get(f"{LIST}?view=settled").text
    second = desk.sale("80.00")

    desk.client.post(f"{LIST}/{line}/choice", data=choice((second, "50,00")))

    assert desk.invoice(second).open_amount == Decimal("30.00")


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("banaan", "Write each amount as 1.234,56."),
        ("0,00", "An amount of zero settles nothing."),
        ("120,00", "has 100,00 open, less than 120,00."),
    ],
)
def test_a_wrong_amount_gets_a_sentence_and_keeps_what_was_typed(
    desk: Desk, amount: str, said: str
) -> None:
    invoice = desk.sale("100.00")
    line = desk.line("150.00")

    answer = desk.client.post(f"{LIST}/{line}/choice", data=choice((invoice, amount)))

    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{amount}"' in answer.text
    assert desk.parts() == []


def test_more_than_the_line_has_is_refused(desk: Desk) -> None:
    first, second = desk.sale("100.00"), desk.sale("100.00")
    line = desk.line("150.00")

    answer = desk.client.post(
        f"{LIST}/{line}/choice", data=choice((first, "100,00"), (second, "100,00"))
    )

    assert answer.status_code == 422
    assert "The invoices take 200,00, but the bank line has 150,00." in answer.text


def test_choosing_nothing_is_refused(desk: Desk) -> None:
    line = desk.line("150.00")

    answer = desk.client.post(f"{LIST}/{line}/choice", data=choice())

    assert answer.status_code == 422
    assert "Choose at least one invoice." in answer.text


def test_looking_for_invoices_keeps_those_chosen_and_adds_up(desk: Desk) -> None:
    chosen, other = desk.sale("100.00", number="V-1"), desk.sale("40.00", number="V-2")
    line = desk.line("150.00")

    answer = desk.client.post(
        f"{LIST}/{line}/choice",
        data=choice((chosen, "90,00"), do="look", words="V-2"),
        headers={"HX-Request": "true"},
    )

    tree = html.document_fromstring(answer.text)
    assert tree.xpath("//input[@name='invoice']/@value") == [str(chosen), str(other)]
    assert tree.xpath("//input[@name='invoice'][@checked]/@value") == [str(chosen)]
    assert "60,00" in tree.xpath("string(//*[@class='choice__sums'])")
    assert desk.parts() == []


def test_marked_lines_are_accepted_together(desk: Desk) -> None:
    lines = []
    for amount in ("91.00", "92.00"):
        desk.sale(amount, number=f"2026-77{amount[:2]}", due_date=date(2027, 1, 1))
        lines.append(desk.line(amount, "betaling", counterparty_iban=None))
    lines.append(desk.line("3.33", "iets", counterparty_name="Iemand", counterparty_iban=None))
    desk.look()
    waiting = [one for one in lines[:2] if desk.state(one) is MatchState.PROPOSED]
    assert waiting, "nothing left to accept by hand"
    seen = {f"seen-{one}": desk.seen(one) for one in waiting}

    answer = desk.client.post(
        f"{LIST}/marked",
        data={"ids": [str(one) for one in [*waiting, lines[2]]], "do": "accept", **seen},
        headers={"HX-Request": "true"},
    )

    assert answer.status_code == 204
    assert "1 has no proposal." in answer.headers["HX-Trigger"]
    assert {desk.state(one) for one in waiting} == {MatchState.MATCHED}


def test_marked_lines_are_set_aside_together(desk: Desk) -> None:
    lines = [desk.line("-1.00"), desk.line("-2.00")]

    answer = desk.client.post(
        f"{LIST}/marked",
        data={"ids": [str(one) for one in lines], "do": "aside", "category": "bank"},
    )

    assert answer.status_code == 303
    assert {desk.state(one) for one in lines} == {MatchState.SET_ASIDE}


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        ([], "Mark one or more lines first."),
        (["x"], "Mark lines of this list."),
        ([str(uuid7()) for _ in range(201)], "Mark at most 200 lines at once."),
    ],
    ids=["none", "strange", "many"],
)
def test_marks_that_make_no_sense_get_a_sentence(desk: Desk, ids: list[str], said: str) -> None:
    answer = desk.client.post(f"{LIST}/marked", data={"ids": ids, "do": "accept"})

    assert answer.status_code == 422
    assert said in answer.text


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("", {"peeters", "kosten"}),
        ("?view=proposed", {"peeters"}),
        ("?view=unmatched", {"kosten"}),
        ("?view=settled", {"huur"}),
        ("?view=all", {"peeters", "kosten", "huur", "straks"}),
        ("?q=kosten", {"kosten"}),
        ("?q=99,00", {"peeters"}),
        ("?view=all&q=straks", {"straks"}),
    ],
)
def test_the_address_says_which_lines_are_shown(desk: Desk, asked: str, expected: set[str]) -> None:
    desk.sale("99.00")
    desk.sale("99.00")
    desk.line("99.00", "peeters betaalt")
    desk.line("-7.00", "kosten", counterparty_name="Bank")
    huur = desk.line("-50.00", "huur", counterparty_name="Immo")
    desk.line("-9.00", "straks", state=MovementState.PENDING)
    desk.look()
    desk.client.post(f"{LIST}/{huur}/setting-aside")

    text = desk.client.get(f"{LIST}{asked}").text

    rows = html.document_fromstring(text).xpath("//tbody[@id='rows']/tr")
    shown = " ".join("".join(row.itertext()) for row in rows)
    assert {word for word in ("peeters", "kosten", "huur", "straks") if word in shown} == expected


def test_a_line_dealt_with_stays_in_sight_until_the_page_is_left(desk: Desk) -> None:
    line, _invoice = proposed(desk)
    desk.client.post(f"{LIST}/{line}/acceptance", data={"seen": desk.seen(line)})

    assert str(line) in desk.client.get(f"{LIST}?keep={line}").text
    assert str(line) not in desk.client.get(LIST).text


@pytest.mark.parametrize("asked", ["?view=x", "?account=x", "?keep=x", "?after=x"])
def test_an_address_that_means_nothing_is_not_found(desk: Desk, asked: str) -> None:
    assert desk.client.get(f"{LIST}{asked}").status_code == 404


@pytest.mark.parametrize("deed", ["acceptance", "rejection", "setting-aside", "undoing", "choice"])
def test_a_stranger_and_a_wrong_key_get_not_found(desk: Desk, cast: Cast, deed: str) -> None:
    line, invoice = proposed(desk)
    seen = desk.seen(line)
    hers = LIST.replace("bakkerij-anna", cast.chloe.slug)
    data = choice((invoice, "99,00"), seen=seen)

    assert cast.chloe.client().post(f"{hers}/{line}/{deed}", data=data).status_code == 404
    assert desk.client.post(f"{LIST}/{uuid7()}/{deed}", data=data).status_code == 404
    assert cast.bram.client().post(f"{LIST}/{line}/{deed}", data=data).status_code == 403
    assert desk.state(line) is MatchState.PROPOSED


def test_another_company_cannot_be_paid(desk: Desk, cast: Cast) -> None:
    with books_of(cast.chloe):
        hers = factories.invoice(gross="99.00", direction=SALE).id
    line = desk.line("99.00")

    answer = desk.client.post(f"{LIST}/{line}/choice", data=choice((hers, "99,00")))

    assert answer.status_code == 422
    assert "Choose at least one invoice." in answer.text
