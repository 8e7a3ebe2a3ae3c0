"""The board of a person with several companies."""

from decimal import Decimal

from flask.testing import FlaskClient
from lxml import html

from billify.data.db import transaction
from billify.data.models import Membership
from billify.domain.roles import Role
from tests import factories
from tests.cast import Cast, Member
from tests.factories import books_of


def accountant(cast: Cast) -> Member:
    """Bram keeps both companies."""
    with books_of(cast.chloe), transaction() as session:
        session.add(Membership(user_id=cast.bram.user_id, role=Role.ACCOUNTANT))
    with books_of(cast.anna):
        factories.account(balance=Decimal("1000.00"))
    with books_of(cast.chloe):
        factories.account(balance=Decimal("-20.00"))
    return cast.bram


def names(client: FlaskClient, query: str = "") -> list[str]:
    answer = client.get(f"/board{query}")
    assert answer.status_code == 200
    found = html.document_fromstring(answer.text).xpath("//tbody//a[@class='table__link']")
    return [str(one.text) for one in found]


def test_a_row_a_company_and_their_sum(cast: Cast) -> None:
    page = accountant(cast).client().get("/board").text

    assert "Bakkerij Anna" in page
    assert "Chocolaterie Chloé" in page
    assert 'value="980.00"' in page


def test_rows_lead_into_each_company(cast: Cast) -> None:
    page = accountant(cast).client().get("/board").text

    for slug in ("bakkerij-anna", "chocolaterie-chloe"):
        assert f'href="/c/{slug}/"' in page
        assert f"/c/{slug}/figures/cash_position" in page


def test_the_address_says_order_and_view(cast: Cast) -> None:
    client = accountant(cast).client()

    assert names(client) == ["Bakkerij Anna", "Chocolaterie Chloé"]
    assert names(client, "?sort=-name") == ["Chocolaterie Chloé", "Bakkerij Anna"]
    assert names(client, "?sort=position") == ["Chocolaterie Chloé", "Bakkerij Anna"]
    assert names(client, "?sort=nonsense&view=nonsense") == ["Bakkerij Anna", "Chocolaterie Chloé"]
    assert names(client, "?q=chloe") == ["Chocolaterie Chloé"]
    assert names(client, "?view=low") == []


def test_what_waits_leads_to_where_it_is_done(cast: Cast) -> None:
    client = accountant(cast).client()
    with books_of(cast.chloe):
        factories.invoice(status="to_check")

    assert "/c/chocolaterie-chloe/purchases?view=to_check" in client.get("/board").text
    assert names(client, "?view=to_do") == ["Chocolaterie Chloé"]


def test_a_person_sees_no_company_of_others(cast: Cast) -> None:
    accountant(cast)

    page = cast.anna.client().get("/board").text

    assert "Chocolaterie" not in page


def test_who_belongs_nowhere_is_told(cast: Cast) -> None:
    assert "You belong to no company yet" in cast.dirk.client().get("/board").text


def test_a_role_without_money_shows_no_amount(cast: Cast) -> None:
    with books_of(cast.chloe), transaction() as session:
        session.add(Membership(user_id=cast.anna.user_id, role=Role.EMPLOYEE))
    with books_of(cast.chloe):
        factories.account(balance=Decimal("4321.00"))

    page = cast.anna.client().get("/board").text

    assert "Your role here shows no amounts." in page
    assert "4.321" not in page


def test_who_has_several_companies_lands_on_the_board(cast: Cast) -> None:
    person = accountant(cast)

    answer = person.client().get("/")

    assert answer.headers["Location"] == "/board"
    assert cast.anna.client().get("/").headers["Location"] == "/c/bakkerij-anna/"


def test_the_switcher_leads_to_the_board(cast: Cast) -> None:
    page = accountant(cast).client().get("/c/bakkerij-anna/purchases").text

    assert 'href="/board"' in page
