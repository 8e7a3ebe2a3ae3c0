"""The desk of purchases: its list, its filters, approving many, exports."""

from flask.testing import FlaskClient

from billify.data import tenancy
from tests import factories
from tests.cast import Cast

LIST = "/c/bakkerij-anna/purchases"


def test_the_page_opens_for_a_member(cast: Cast) -> None:
    with tenancy.company_scope(cast.anna.company_id):
        factories.invoice()

    answer = cast.anna.client().get(LIST)

    assert answer.status_code == 200
    assert "Leverancier" in answer.text
