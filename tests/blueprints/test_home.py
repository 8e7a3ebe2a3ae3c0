"""Home: the widgets, the figures behind them, and who sees what."""

from datetime import timedelta
from decimal import Decimal

from tests import factories
from tests.cast import Cast, add_member

from billify.application import banking
from billify.application.banking import Account, Plan
from billify.data import tenancy
from billify.domain.banking import AccountKind
from billify.domain.cash_flow import Rhythm
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus
from billify.domain.roles import Role
from billify.web.access import today

HOME = "/c/bakkerij-anna/"


def test_home_of_a_company_that_began_today_says_what_to_do_first(cast: Cast) -> None:
    answer = cast.anna.client().get(HOME)

    assert answer.status_code == 200
    assert "First steps" in answer.text
    assert "/c/bakkerij-anna/bank/accounts/new" in answer.text
