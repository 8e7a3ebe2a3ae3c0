"""The desk of purchases: the list and its filters, approving many, exports, who may what."""

import gzip
import json
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import event
from werkzeug.test import TestResponse

from billify.application import exports as use_cases
from billify.data.db import db
from billify.data.models import AuditEvent, Invoice
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus
from billify.domain.roles import Role
from billify.web import exports
from tests import factories
from tests.cast import Cast, Member, add_member

DESK = "/c/bakkerij-anna/purchases"
HTMX = {"HX-Request": "true"}


def given(cast: Cast, count: int = 1, **more: Any) -> list[Invoice]:
    """Invoices of Anna's bakery."""
    with factories.books_of(cast.anna):
        return [factories.invoice(**more) for _at in range(count)]


def numbers(answer: TestResponse) -> list[str]:
    """The invoice numbers in the rows of an answer."""
    tree = html.document_fromstring(answer.text)
    return [str(cell) for cell in tree.xpath("//tr//span[@class='list__number']/text()")]


def events(answer: TestResponse) -> dict[str, dict[str, str]]:
    """What an answer tells the page."""
    found: dict[str, dict[str, str]] = json.loads(answer.headers["HX-Trigger"])
    return found


def test_the_desk_lists_purchases_and_no_sales(cast: Cast) -> None:
    given(cast, number="P-1")
    given(cast, number="S-1", direction=InvoiceDirection.SALE)

    answer = cast.anna.client().get(DESK)

    assert answer.status_code == 200
    assert numbers(answer) == ["P-1"]


def test_an_empty_desk_says_what_to_do_first(cast: Cast) -> None:
    answer = cast.anna.client().get(DESK)

    assert "No purchase invoices yet" in answer.text


def test_filters_that_find_nothing_offer_the_way_back(cast: Cast) -> None:
    given(cast)

    answer = cast.anna.client().get(f"{DESK}?q=nergens")

    assert answer.status_code == 200
    assert "No invoices found" in answer.text


def test_a_name_is_shown_as_text_whatever_is_in_it(cast: Cast) -> None:
    with factories.books_of(cast.anna):
        factories.invoice(of=factories.contact("<script>alert(1)</script>"))

    answer = cast.anna.client().get(DESK)

    assert "<script>alert" not in answer.text


def test_a_credit_note_stands_below_zero(cast: Cast) -> None:
    given(cast, kind=InvoiceKind.CREDIT_NOTE, gross="50.00", status=InvoiceStatus.TO_APPROVE)

    answer = cast.anna.client().get(DESK)

    assert "−50,00" in answer.text
    assert "Credit note" in answer.text


def test_overdue_and_partly_paid_are_said_in_words(cast: Cast) -> None:
    given(cast, issue_date=date(2020, 1, 1))
    given(cast, issue_date=date(2098, 1, 1), open_amount=21)

    text = cast.anna.client().get(DESK).text

    assert text.count("Overdue") >= 2  # the tab and the row
    assert "Partly paid" in text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("from=31/02/2026", "does not exist"),
        ("until=gisteren", "dd/mm/yyyy"),
        ("min=1.234,5,6", "is not an amount"),
        ("max=1,234", "two ways"),
        ("max=99999999999999999", "too large"),
        ("view=everything", "no such view"),
        ("sort=beauty", "sorted like that"),
        ("sort=-", "sorted like that"),
        ("contact=0192d3b4-0000-7000-8000-000000000000", "This contact does not exist"),
        ("contact=peeters", "This contact does not exist"),
        ("after=garbage", "This place in the list"),
        (f"after={quote('2026-01-01~zzz')}", "This place in the list"),
        (f"sort=amount&after={quote('12,50~0192d3b4-0000-7000-8000-000000000000')}", "This place"),
    ],
)
@pytest.mark.parametrize("route", ["", "/list"])
def test_what_makes_no_sense_gets_a_sentence_and_the_list(
    cast: Cast, asked: str, said: str, route: str
) -> None:
    given(cast, number="P-1")

    answer = cast.anna.client().get(f"{DESK}{route}?{asked}")

    assert answer.status_code == 200
    assert said in answer.text
    assert numbers(answer) == ["P-1"]


@pytest.mark.parametrize(
    "asked",
    [
        "q=%00",
        "q=" + "x" * 5000,
        "q=%F0%9F%A6%A4",
        "size=9999999999",
        "size=-1",
        "so_far=x",
        "q=%25",
    ],
)
def test_odd_addresses_are_no_mistakes_of_ours(cast: Cast, asked: str) -> None:
    assert cast.anna.client().get(f"{DESK}/list?{asked}").status_code == 200


def test_a_contact_of_another_company_is_unknown_here(cast: Cast) -> None:
    with factories.books_of(cast.chloe):
        foreign = factories.contact("Chocolade Geheim")

    answer = cast.anna.client().get(f"{DESK}?contact={foreign.id}")

    assert answer.status_code == 200
    assert "This contact does not exist" in answer.text
    assert "Geheim" not in answer.text


def test_more_rows_follow_the_last_one(cast: Cast) -> None:
    given(cast, count=60)
    client = cast.anna.client()
    first = client.get(DESK)
    link = html.document_fromstring(first.text).xpath("//*[@id='more']//a")[0]

    rest = client.get(link.get("hx-get"), headers=HTMX)
    plain = client.get(link.get("href"))

    assert len(numbers(first)) == 50
    assert len(numbers(rest)) == 10
    assert not set(numbers(first)) & set(numbers(rest))
    assert numbers(plain) == numbers(rest)
    assert 'name="size" value="60"' in rest.text


def test_a_refresh_gives_as_many_rows_as_stood_there(cast: Cast) -> None:
    given(cast, count=60)

    answer = cast.anna.client().get(f"{DESK}/list?size=60", headers=HTMX)

    assert len(numbers(answer)) == 60
    assert "HX-Push-Url" not in answer.headers


def test_typing_answers_the_list_and_names_its_address(cast: Cast) -> None:
    given(cast, number="P-1")

    answer = cast.anna.client().get(f"{DESK}/list?q=P-1&from=&min=&sort=-issued", headers=HTMX)

    assert answer.headers["HX-Push-Url"] == f"{DESK}?q=P-1"
    assert numbers(answer) == ["P-1"]


def test_tabs_keep_the_filters(cast: Cast) -> None:
    given(cast)

    answer = cast.anna.client().get(f"{DESK}?q=lev&sort=due")

    assert f'href="{DESK}?view=open&amp;q=lev&amp;sort=due"' in answer.text


def test_the_picker_of_the_filter_keeps_the_other_filters(cast: Cast) -> None:
    given(cast)

    answer = cast.anna.client().get(f"{DESK}/contacts?contact_words=lever&view=open", headers=HTMX)

    assert "Leverancier" in answer.text
    assert f"{DESK}?view=open&amp;contact=" in answer.text


def test_marked_invoices_are_approved_and_the_desk_hears_of_it(cast: Cast) -> None:
    ids = [row.id for row in given(cast, count=2, status=InvoiceStatus.TO_APPROVE)]
    given(cast, number="other", status=InvoiceStatus.TO_APPROVE)
    _with_contacts(cast, ids)

    answer = cast.anna.client().post(f"{DESK}/approvals", data={"ids": ids}, headers=HTMX)

    assert answer.status_code == 204
    told = events(answer)
    assert told["toast"] == {"message": "2 invoices approved.", "tone": "good"}
    assert "purchases-changed" in told
    assert _statuses(cast, ids) == {InvoiceStatus.OPEN}


def test_what_is_above_the_limit_is_left_with_the_reason(cast: Cast) -> None:
    small, large = [
        given(cast, gross=gross, status=InvoiceStatus.TO_APPROVE)[0].id
        for gross in ("100.00", "900.00")
    ]
    _with_contacts(cast, [small, large])

    answer = cast.emma.client().post(
        f"{DESK}/approvals", data={"ids": [small, large]}, headers=HTMX
    )

    toast = events(answer)["toast"]
    assert toast["tone"] == "warn"
    assert toast["message"] == (
        "1 invoice approved. 1 not: The amount is above your limit of 500,00."
    )
    assert _statuses(cast, [large]) == {InvoiceStatus.TO_APPROVE}


def test_approving_without_script_comes_back_to_the_filtered_list(cast: Cast) -> None:
    ids = [row.id for row in given(cast, status=InvoiceStatus.TO_APPROVE)]
    _with_contacts(cast, ids)

    answer = cast.anna.client().post(f"{DESK}/approvals?view=to_approve", data={"ids": ids})

    assert answer.status_code == 303
    assert answer.location == f"{DESK}?view=to_approve"


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        ([], "Mark one or more invoices first."),
        (["not-a-key"], "Mark invoices of this list."),
        (["0192d3b4-0000-7000-8000-000000000000"] * 2, None),
    ],
)
def test_marks_that_make_no_sense_approve_nothing(
    cast: Cast, ids: list[str], said: str | None
) -> None:
    answer = cast.anna.client().post(f"{DESK}/approvals", data={"ids": ids}, headers=HTMX)

    toast = events(answer)["toast"]
    assert answer.status_code == (422 if said else 204)
    assert toast["tone"] == "bad"
    assert said is None or toast["message"] == said


def test_an_invoice_of_another_company_is_not_approved(cast: Cast) -> None:
    with factories.books_of(cast.chloe):
        foreign = factories.invoice(status=InvoiceStatus.TO_APPROVE, of=factories.contact())

    answer = cast.anna.client().post(f"{DESK}/approvals", data={"ids": [foreign.id]}, headers=HTMX)

    assert events(answer)["toast"]["tone"] == "bad"
    with factories.books_of(cast.chloe):
        assert db.session.get_one(Invoice, foreign.id).status is InvoiceStatus.TO_APPROVE


def test_csv_is_the_whole_filtered_list_as_belgians_write_it(cast: Cast) -> None:
    given(cast, number="P-1", gross="1234.56")
    given(cast, number="P-2", gross="10.00", kind=InvoiceKind.CREDIT_NOTE)

    answer = cast.anna.client().post(f"{DESK}/exports?min=0", data={"format": "csv"})

    lines = answer.text.split("\r\n")
    assert answer.status_code == 200
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert lines[0].startswith("\ufeffNumber;Kind;Contact;")
    assert lines[1].startswith("P-1;Invoice;")
    assert ";01/10/2026;31/10/2026;" in lines[1]
    assert ";1234,56;1234,56;" in lines[1]
    assert lines[2:] == [""]


def test_xlsx_is_a_workbook(cast: Cast) -> None:
    given(cast, number="P-1")

    answer = cast.anna.client().post(f"{DESK}/exports", data={"format": "xlsx"})

    assert answer.status_code == 200
    assert answer.data.startswith(b"PK")
    assert "spreadsheetml.sheet" in answer.headers["Content-Type"]


def test_no_name_becomes_a_formula(cast: Cast) -> None:
    with factories.books_of(cast.anna):
        factories.invoice(of=factories.contact('=HYPERLINK("http://x.example")'), number="@SUM(1)")

    answer = cast.anna.client().post(f"{DESK}/exports", data={"format": "csv"})

    row = answer.text.split("\r\n")[1]
    assert row.startswith("'@SUM(1);")
    assert ";\"'=HYPERLINK(" in row


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1"])
def test_texts_that_act_are_made_harmless(text: str) -> None:
    assert exports.harmless(text) == f"'{text}"


def test_plain_texts_stay_as_they_are() -> None:
    assert exports.harmless("F26/001") == "F26/001"


def test_a_cut_export_says_so_at_its_end(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(use_cases, "MOST_ROWS", 2)
    given(cast, count=3)

    answer = cast.anna.client().post(f"{DESK}/exports", data={"format": "csv"})

    lines = answer.text.split("\r\n")
    assert len(lines) == 5  # head, two rows, the sentence, the end of the last line
    assert "These are the first" in lines[3]


def test_an_export_stands_in_the_audit_log(cast: Cast) -> None:
    given(cast, count=2)

    cast.anna.client().post(f"{DESK}/exports?q=lev", data={"format": "csv"})

    with factories.books_of(cast.anna):
        events = db.session.query(AuditEvent).filter_by(verb="invoices.exported").all()
    assert [event.after["rows"] for event in events if event.after] == [2]
    assert events[0].user_id == cast.anna.user_id


@pytest.mark.parametrize(
    ("asked", "data"),
    [("", {"format": "pdf"}), ("", {}), ("?from=31/02/2026", {"format": "csv"})],
)
def test_an_export_that_makes_no_sense_is_refused(
    cast: Cast, asked: str, data: dict[str, str]
) -> None:
    answer = cast.anna.client().post(f"{DESK}/exports{asked}", data=data)

    assert answer.status_code == 422


def test_who_may_only_hand_in_sees_no_amounts(cast: Cast) -> None:
    given(cast, number="P-1")
    employee = _colleague(cast, "Els", Role.EMPLOYEE)

    page = employee.client().get(DESK)

    assert page.status_code == 200
    assert "P-1" not in page.text
    assert employee.client().get(f"{DESK}/list").status_code == 403
    assert employee.client().post(f"{DESK}/exports", data={"format": "csv"}).status_code == 403


def test_a_reader_is_offered_nothing_to_change(cast: Cast) -> None:
    ids = [row.id for row in given(cast, status=InvoiceStatus.TO_APPROVE)]
    client = cast.bram.client()

    page = client.get(DESK)

    assert 'name="ids"' not in page.text
    assert "Enter by hand" not in page.text
    assert "exports" not in page.text
    assert client.post(f"{DESK}/approvals", data={"ids": ids}).status_code == 403
    assert client.post(f"{DESK}/exports", data={"format": "csv"}).status_code == 403


@pytest.mark.parametrize("route", ["", "/list", "/contacts"])
def test_a_stranger_finds_nothing(cast: Cast, route: str) -> None:
    assert cast.chloe.client().get(f"{DESK}{route}").status_code == 404


@pytest.mark.parametrize("route", ["/approvals", "/exports"])
def test_a_stranger_changes_nothing(cast: Cast, route: str) -> None:
    assert cast.chloe.client().post(f"{DESK}{route}").status_code == 404


def test_who_is_not_logged_in_is_sent_to_the_door(client: FlaskClient, cast: Cast) -> None:
    assert client.get(DESK).status_code == 302


def test_a_page_asks_the_database_five_times(cast: Cast) -> None:
    """The session, the places, the inbox, the rows, the counts; a search asks for no counts."""
    given(cast, count=3)
    client = cast.anna.client()

    assert asked(lambda: client.get(DESK)) == 5
    assert asked(lambda: client.get(f"{DESK}?q=lev")) == 5
    assert asked(lambda: client.get(f"{DESK}/list", headers=HTMX)) == 4


def test_a_list_page_is_light(cast: Cast) -> None:
    given(cast, count=60)

    answer = cast.anna.client().get(DESK)

    assert len(gzip.compress(answer.data)) < 15_000


def asked(act: Callable[[], object]) -> int:
    """How often PostgreSQL is asked meanwhile, but for what a process asks every 15 seconds."""
    seen: list[str] = []

    def note(*told: Any) -> None:  # Any: as SQLAlchemy gives it
        is_kept = "FROM announcement" in told[2]
        is_frame = told[2].startswith(("SELECT set_config", "SAVEPOINT", "RELEASE", "ROLLBACK"))
        if not is_kept and not is_frame:
            seen.append(told[2])

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def _colleague(cast: Cast, name: str, role: Role) -> Member:
    assert cast.anna.company_id is not None
    return add_member(cast.anna.company_id, cast.anna.slug, name, role)


def _with_contacts(cast: Cast, ids: list[Any]) -> None:
    """What is approved has a contact."""
    with factories.books_of(cast.anna):
        maker = factories.contact("Maalderij")
        for key in ids:
            db.session.get_one(Invoice, key).contact_id = maker.id
        db.session.commit()


def _statuses(cast: Cast, ids: list[Any]) -> set[InvoiceStatus]:
    with factories.books_of(cast.anna):
        return {db.session.get_one(Invoice, key).status for key in ids}
