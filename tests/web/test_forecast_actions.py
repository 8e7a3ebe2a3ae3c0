"""What a person can do next: each thing with its words and its page."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask, g
from lxml import html

from billify.domain.forecast.shapes import Action, ActionKind, Reason
from billify.web import forecast_actions
from tests.cast import Cast

ID = "01890000-0000-7000-8000-000000000001"
HOME = "/c/bakkerij-anna/"


@pytest.fixture
def anna(app: Flask, cast: Cast) -> Iterator[None]:
    with app.test_request_context(HOME):
        g.slug, g.actor = "bakkerij-anna", cast.anna.actor
        yield


def action(kind: ActionKind, **more: object) -> Action:
    values: dict[str, object] = {
        "effect": Decimal(0),
        "amount": Decimal("1234.50"),
        "ref": ID,
        "what": "Kaasboer Peeters BV",
        **more,
    }
    return Action(kind, **values)  # type: ignore[arg-type]  # a bag of test values


@pytest.mark.parametrize(
    ("wanted", "title", "leads_to"),
    [
        (
            action(ActionKind.REMIND),
            "Remind Kaasboer Peeters BV: 1.234,50 is open",
            f"contacts/{ID}",
        ),
        (
            action(ActionKind.WAIT, day=date(2027, 1, 4)),
            "The bill of Kaasboer Peeters BV over 1.234,50 can wait until 04/01/2027",
            f"invoices/{ID}",
        ),
        (
            action(ActionKind.SET_ASIDE, what="VAT", ref="vat 2026-Q4", day=date(2027, 1, 25)),
            "Set 1.234,50 aside for VAT on 25/01/2027",
            "cash-flow/plans/taxes",
        ),
        (
            action(ActionKind.MATCH_LINES, ref="", reason=Reason("unmatched", (("count", 1),))),
            "Match 1 bank line",
            "bank/reconcile",
        ),
        (
            action(ActionKind.MATCH_LINES, ref="", reason=Reason("unmatched", (("count", 14),))),
            "Match 14 bank lines",
            "bank/reconcile",
        ),
        (
            action(ActionKind.RENEW_CONSENT, what="KBC", day=date(2027, 1, 4)),
            "Renew the consent for KBC before 04/01/2027",
            f"settings/connections/{ID}",
        ),
        (action(ActionKind.REMIND, ref="x"), "Remind Kaasboer", "sales?view=overdue"),
    ],
)
def test_each_thing_to_do_leads_to_where_it_is_done(
    anna: None, wanted: Action, title: str, leads_to: str
) -> None:
    step = forecast_actions.step(wanted)

    assert step.title.startswith(title)
    assert step.href == f"{HOME}{leads_to}"
    assert html.fromstring(f"<a href='{step.href}'>{step.title}</a>").text


def test_a_bill_that_waits_tells_our_own_habit(anna: None) -> None:
    late = Reason("pays_late", (("days", -3),))

    step = forecast_actions.step(action(ActionKind.WAIT, reason=late))

    assert step.why == "you pay 3 days early on average"
