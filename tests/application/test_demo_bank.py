"""The demo company is connected once to the bank that plays beside it."""

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from billify.application import demo
from billify.application.demo import bank
from billify.data import tenancy
from billify.data.db import db
from billify.data.models import ConnectedAccount, Integration
from billify.data.queries import people
from billify.domain.connections import ConnectionState

pytestmark = pytest.mark.usefixtures("app")


def test_the_demo_company_is_connected_once(app: Flask) -> None:
    demo.ensure(today=date(2026, 11, 20))
    demo.connect_bank()
    demo.connect_bank()

    with tenancy.unscoped("a test looks for the demo company"):
        bakery = next(one for one in people.companies() if one.slug == "bakkerij-anna")
    with tenancy.company_scope(bakery.id):
        (row,) = db.session.scalars(select(Integration)).all()
        (brought,) = db.session.scalars(select(ConnectedAccount)).all()
    assert row.state is ConnectionState.ACTIVE
    assert brought.account_id is not None
    script = bank.script()
    assert script is not None
    assert script.iban == brought.iban
    assert len(script.payments) > 10
    assert {one.amount > 0 for one in script.payments} == {True, False}
    assert all(one.amount != Decimal(0) for one in script.payments)


def test_without_a_demo_company_there_is_nothing_to_connect(app: Flask) -> None:
    demo.connect_bank()

    assert bank.script() is None
