"""What a person can do: each action's effect is what the lowest point gains."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from billify.domain.forecast import actions, course
from billify.domain.forecast.known import Consent, Known, UnmatchedLine
from billify.domain.forecast.shapes import NO_REASON, Action, ActionKind, Flow, Reason, Source

TODAY = date(2026, 11, 20)
D = Decimal
PAYS_LATE = Reason("pays_late", (("days", 30),))


def _row(ref: str, day: int, amount: str, due: int | None = None, **more: object) -> Flow:
    """A row so many days from today."""
    values: dict[str, object] = {
        "source": Source.SALE if D(amount) > 0 else Source.PURCHASE,
        "reason": PAYS_LATE if D(amount) > 0 else NO_REASON,
        "what": f"Party {ref}",
        "contact": f"contact {ref}",
        **more,
    }
    return Flow(
        day=TODAY + timedelta(days=day),
        amount=D(amount),
        ref=ref,
        due=None if due is None else TODAY + timedelta(days=due),
        **values,  # type: ignore[arg-type]
    )


def _best(*rows: Flow, balance: str = "1000.00", **more: object) -> tuple[Action, ...]:
    known = Known(today=TODAY, currency="EUR", **more)  # type: ignore[arg-type]
    days = course.days_ahead(today=TODAY, balance=D(balance), total=course.sums(rows))
    return actions.best(known=known, flows=rows, days=days)


def test_reminding_is_worth_what_the_lowest_point_gains() -> None:
    """Wages of 3,000 fall before the 2,500 that is due by then: paid in time, the dip is less."""
    late = _row("s", 40, "2500.00", due=10)
    (first,) = _best(late, _row("wages", 20, "-3000.00", source=Source.RECURRING))

    assert (first.kind, first.ref, first.what) == (ActionKind.REMIND, "contact s", "Party s")
    assert (first.effect, first.amount) == (D("2500.00"), D("2500.00"))


def test_reminding_gains_no_more_than_the_next_low() -> None:
    rows = (
        _row("s", 40, "2500.00", due=10),
        _row("a", 20, "-3000.00", source=Source.RECURRING),
        _row("b", 5, "-800.00", source=Source.RECURRING),
        _row("c", 6, "800.00", source=Source.RECURRING),
    )
    (first,) = _best(*rows)

    assert first.effect == D("2200.00")


def test_a_reminder_that_lifts_nothing_is_not_named() -> None:
    """The wages fall before the money could come, also when it came in time."""
    late = _row("s", 40, "2500.00", due=30)

    assert _best(late, _row("wages", 20, "-3000.00", source=Source.RECURRING)) == ()


@pytest.mark.parametrize(
    ("due", "reason", "is_named"),
    [
        (-5, Reason("by_terms"), True),
        (10, PAYS_LATE, True),
        (10, Reason("pays_late", (("days", -2),)), False),
        (10, Reason("like_others", (("days", 4),)), False),
        (10, Reason("by_terms"), False),
    ],
    ids=["overdue", "late as a rule", "early as a rule", "like others", "no history"],
)
def test_only_overdue_invoices_and_late_payers_are_reminded(
    due: int, reason: Reason, is_named: bool
) -> None:
    row = _row("s", 40, "2500.00", due=due, reason=reason)
    found = _best(row, _row("wages", 20, "-3000.00", source=Source.RECURRING))

    assert [one.kind for one in found] == [ActionKind.REMIND] * is_named


def test_one_reminder_a_customer() -> None:
    same = {"contact": "c", "what": "Hotel Astrid"}
    (first,) = _best(
        _row("1", 40, "100.00", due=10, **same),
        _row("2", 45, "200.00", due=15, **same),
        _row("wages", 20, "-3000.00", source=Source.RECURRING),
    )

    assert (first.amount, first.effect) == (D("300.00"), D("300.00"))


def test_the_next_invoices_of_a_late_customer_count_for_the_effect() -> None:
    same = {"contact": "c", "what": "Hotel Astrid"}
    (first,) = _best(
        _row("1", 12, "100.00", due=2, **same),
        _row("2", 45, "700.00", due=35, source=Source.RECURRING, **same),
        _row("wages", 40, "-3000.00", source=Source.RECURRING),
    )

    assert (first.amount, first.effect) == (D("100.00"), D("700.00"))


def test_a_day_said_by_a_person_is_no_reason_to_remind() -> None:
    assert _best(_row("s", 40, "2500.00", due=10, is_by_hand=True)) == ()


def test_a_bill_paid_early_can_wait_when_that_helps() -> None:
    (first,) = _best(_row("p", 5, "-900.00", due=25), _row("s", 20, "900.00", due=20))

    assert (first.kind, first.ref, first.effect) == (ActionKind.WAIT, "p", D("900.00"))
    assert first.day == date(2026, 12, 15)


def test_a_bill_whose_waiting_changes_nothing_is_not_named() -> None:
    assert _best(_row("p", 5, "-900.00", due=25)) == ()


def test_the_next_vat_is_to_be_set_aside() -> None:
    vat = {"source": Source.TAX, "what": "VAT", "contact": ""}
    (first,) = _best(
        _row("vat 2026-Q4", 66, "-400.00", **vat), _row("vat 2027-Q1", 80, "-1.00", **vat)
    )

    assert (first.kind, first.ref, first.amount) == (
        ActionKind.SET_ASIDE,
        "vat 2026-Q4",
        D("400.00"),
    )


def test_lines_that_may_pay_open_invoices_change_the_lowest_point() -> None:
    line = UnmatchedLine("l", TODAY, D("-700.00"), "Supplier")
    (first,) = _best(_row("p", 9, "-700.00", due=9), unmatched=(line,), unmatched_count=3)

    assert (first.kind, first.effect) == (ActionKind.MATCH_LINES, D("700.00"))
    assert first.reason == Reason("unmatched", (("count", 3),))


def test_a_consent_that_ends_soon_is_always_named() -> None:
    rows = [_row(str(at), 40, "100.00", due=10) for at in range(9)]
    wages = _row("wages", 20, "-3000.00", source=Source.RECURRING)
    consent = Consent("k", "Bank", TODAY + timedelta(days=4))

    found = _best(*rows, wages, consents=(consent,))

    assert len(found) == actions.MOST
    assert [one.kind for one in found].count(ActionKind.RENEW_CONSENT) == 1


def test_the_best_comes_first() -> None:
    rows = (
        _row("small", 40, "100.00", due=10),
        _row("large", 40, "900.00", due=10),
        _row("wages", 20, "-3000.00", source=Source.RECURRING),
    )
    assert [one.what for one in _best(*rows)] == ["Party large", "Party small"]


def test_nothing_known_is_nothing_to_do() -> None:
    assert _best() == ()
