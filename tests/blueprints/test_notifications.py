"""The bell, the list and marking as read: one's own rows, in one's own company."""

import re

from sqlalchemy import update

from billify.application import notifications
from billify.data.db import db, transaction
from billify.data.models import Notification
from billify.data.queries import notifications as queries
from billify.domain.notifications import NotificationKind
from tests import factories
from tests.cast import Cast, Member

PAID = {"name": "Horeca Claes", "number": "2026-0007", "amount": "1210.00", "currency": "EUR"}


def tell(member: Member, *, key: str = "one", path: str = "bank") -> Notification:
    with factories.books_of(member), transaction():
        notifications.tell(
            kind=NotificationKind.PAYMENT_RECEIVED,
            key=key,
            facts=PAID,
            path=path,
            to=[member.user_id],
        )
    with factories.books_of(member):
        return queries.page(member.user_id)[0]


def unread(member: Member) -> int:
    with factories.books_of(member):
        return queries.unread(member.user_id)


def test_every_page_has_a_bell_that_asks_for_its_number(cast: Cast) -> None:
    page = cast.anna.client().get(f"/c/{cast.anna.slug}/bank").get_data(as_text=True)

    assert f'hx-get="/c/{cast.anna.slug}/notifications/bell"' in page
    assert 'hx-trigger="load, notifications-changed from:body"' in page


def test_the_bell_tells_how_much_is_unread_and_asks_no_more_by_itself(cast: Cast) -> None:
    tell(cast.anna, key="one")
    tell(cast.anna, key="two")

    page = cast.anna.client().get(f"/c/{cast.anna.slug}/notifications/bell").get_data(as_text=True)

    assert re.search(r'bell__count"[^>]*>2<', page)
    assert 'hx-trigger="notifications-changed from:body"' in page


def test_nothing_unread_shows_no_number(cast: Cast) -> None:
    page = cast.bram.client().get(f"/c/{cast.anna.slug}/notifications/bell").get_data(as_text=True)

    assert "bell__count" not in page


def test_the_list_says_what_happened(cast: Cast) -> None:
    tell(cast.anna)

    page = cast.anna.client().get(f"/c/{cast.anna.slug}/notifications").get_data(as_text=True)

    assert "Horeca Claes paid €\N{NO-BREAK SPACE}1.210,00 for invoice 2026-0007." in page


def test_an_empty_list_says_so(cast: Cast) -> None:
    page = cast.anna.client().get(f"/c/{cast.anna.slug}/notifications").get_data(as_text=True)

    assert "Nothing to tell you" in page


def test_a_person_sees_their_own_rows_alone(cast: Cast) -> None:
    tell(cast.anna)

    page = cast.bram.client().get(f"/c/{cast.anna.slug}/notifications").get_data(as_text=True)

    assert "Horeca Claes" not in page


def test_pressing_a_row_leads_there_and_marks_it_as_read(cast: Cast) -> None:
    row = tell(cast.anna, path="invoices/1")

    answer = cast.anna.client().post(f"/c/{cast.anna.slug}/notifications/{row.id}/opening")

    assert (answer.status_code, answer.location) == (303, f"/c/{cast.anna.slug}/invoices/1")
    assert unread(cast.anna) == 0


def test_a_path_from_the_root_leads_out_of_the_company(cast: Cast) -> None:
    row = tell(cast.anna, path="/account/privacy")

    answer = cast.anna.client().post(f"/c/{cast.anna.slug}/notifications/{row.id}/opening")

    assert answer.location == "/account/privacy"


def test_the_row_of_somebody_else_is_not_there(cast: Cast) -> None:
    key = tell(cast.anna).id

    for other in (cast.bram, cast.chloe):
        answer = other.client().post(f"/c/{other.slug}/notifications/{key}/opening")
        assert answer.status_code == 404
    assert unread(cast.anna) == 1


def test_all_of_ones_own_are_marked_as_read(cast: Cast) -> None:
    tell(cast.anna)
    tell(cast.bram)

    answer = cast.anna.client().post(f"/c/{cast.anna.slug}/notifications/reading")

    assert answer.status_code == 303
    assert (unread(cast.anna), unread(cast.bram)) == (0, 1)


def test_a_long_list_goes_on_where_it_ended(cast: Cast) -> None:
    for number in range(queries.MOST_ROWS + 3):
        tell(cast.anna, key=f"n{number}")
    with factories.books_of(cast.anna):
        db.session.execute(update(Notification).values(created_at=db.func.now()))
    client = cast.anna.client()
    first = client.get(f"/c/{cast.anna.slug}/notifications").get_data(as_text=True)
    found = re.search(r'href="([^"]*after=[^"]*)"', first)
    assert found is not None

    rest = client.get(found[1].replace("&amp;", "&")).get_data(as_text=True)

    ids = re.findall(r'id="told-([0-9a-f-]+)"', first + rest)
    assert len(ids) == len(set(ids)) == queries.MOST_ROWS + 3


def test_a_place_that_no_list_wrote_is_not_there(cast: Cast) -> None:
    for after in ("x", "2026-01-01_x", "2026-01-01T00:00:00_" + "0" * 32):
        answer = cast.anna.client().get(f"/c/{cast.anna.slug}/notifications?after={after}")
        assert answer.status_code == 404
