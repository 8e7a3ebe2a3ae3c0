"""The bank room: accounts and movements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _

from billify.application import banking
from billify.data.queries import banking as queries
from billify.data.queries import cash_flow, reconciling
from billify.data.queries.banking import Wanted
from billify.domain.refusal import NotFound, Refusal
from billify.domain.roles import Right
from billify.web import htmx, keyset, searching
from billify.web.access import actor, right, today
from billify.web.bank_forms import (
    AccountForm,
    BalanceForm,
    MovementForm,
    NewAccountForm,
    given,
)
from billify.web.connection_view import freshness
from billify.web.forms import Form, parse_day

if TYPE_CHECKING:
    from billify.data.models import BankAccount, BankTransaction

bp = Blueprint("banking", __name__)
SEARCHED = timedelta(days=92)
"""How far a search looks back when no first day is given."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of movements, the accounts they are of, and what was asked for."""

    accounts: dict[UUID, "BankAccount"]
    wanted: Wanted
    faults: dict[str, str]
    movements: Sequence["BankTransaction"]
    more_url: str | None
    rows_url: str | None
    settling: dict[UUID, list[tuple[UUID, str]]]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The accounts for the filter."""
        return [
            ("", _("All accounts")),
            *((str(one.id), one.name) for one in self.accounts.values()),
        ]


@bp.get("/bank")
@right(Right.SEE_MONEY)
def index() -> Response:
    """Accounts and their movements; the filters are in the address."""
    listing = _listing()
    if request.headers.get("HX-Request-Type") == "partial":
        return htmx.fragment("banking/_list.html", listing=listing)
    return htmx.page("banking/index.html", listing=listing, freshness=freshness())


@bp.get("/bank/movements")
@right(Right.SEE_MONEY)
def movements() -> Response:
    """More movements under those shown."""
    return htmx.fragment("banking/_more.html", listing=_listing())


@bp.get("/bank/accounts")
@right(Right.SEE_MONEY)
def accounts() -> Response:
    """The accounts with their balances, for the page that shows them."""
    found = {one.id: one for one in cash_flow.accounts()}
    return htmx.fragment("banking/_accounts.html", accounts=found, freshness=freshness())


@bp.route("/bank/accounts/new", methods=["GET", "POST"])
@right(Right.EDIT_INVOICES)
def add_account() -> Response:
    """Add an account by hand."""
    form = NewAccountForm(day=today())
    if form.validate_on_submit():
        try:
            row = banking.open_account(
                account=form.account(),
                opening_balance=given(form.balance.data),
                opening_day=given(form.day.data),
                today=today(),
                by=actor(),
            )
        except Refusal as refusal:
            form.refuse(refusal, "iban")
        else:
            flash(_("%(name)s was added.", name=row.name), "good")
            return htmx.go(url_for("banking.index"))
    return _form_page("banking/account.html", form, account=None)


@bp.route("/bank/accounts/<uuid:account_id>", methods=["GET", "POST"])
@right(Right.EDIT_INVOICES)
def edit_account(account_id: UUID) -> Response:
    """Change an account's name, number or kind."""
    row = _known(account_id)
    form = AccountForm(name=row.name, kind=row.kind.value, iban=row.iban)
    if form.validate_on_submit():
        try:
            banking.change_account(account_id=account_id, account=form.account(), by=actor())
        except Refusal as refusal:
            form.refuse(refusal, "iban")
        else:
            flash(_("Saved."), "good")
            return htmx.go(url_for("banking.index"))
    return _form_page("banking/account.html", form, account=row)


@bp.route("/bank/accounts/<uuid:account_id>/movements/new", methods=["GET", "POST"])
@right(Right.EDIT_INVOICES)
def add_movement(account_id: UUID) -> Response:
    """Enter a movement by hand."""
    row = _known(account_id)
    form = MovementForm(day=today())
    if form.validate_on_submit():
        try:
            banking.enter_movement(
                account_id=account_id, movement=form.movement(), today=today(), by=actor()
            )
        except Refusal as refusal:
            form.refuse(refusal, "day")
        else:
            flash(_("The movement was entered."), "good")
            return htmx.go(url_for("banking.index", account=account_id))
    return _form_page("banking/movement.html", form, account=row)


@bp.route("/bank/accounts/<uuid:account_id>/balance", methods=["GET", "POST"])
@right(Right.EDIT_INVOICES)
def set_balance(account_id: UUID) -> Response:
    """Say what an account holds."""
    row = _known(account_id)
    form = BalanceForm(balance=row.balance, day=today())
    if form.validate_on_submit():
        try:
            banking.set_balance(
                account_id=account_id,
                balance=given(form.balance.data),
                day=given(form.day.data),
                today=today(),
                note=_("Balance set by hand"),
                by=actor(),
            )
        except Refusal as refusal:
            form.refuse(refusal, "day")
        else:
            flash(_("The balance was set."), "good")
            return htmx.go(url_for("banking.index", account=account_id))
    return _form_page("banking/balance.html", form, account=row)


@bp.get("/bank/planned")
@right(Right.SEE_MONEY)
def planned() -> Response:
    """Where planned items once stood."""
    return htmx.go(url_for("cash_plans.planned"))


@bp.get("/bank/planned/new")
@right(Right.EDIT_INVOICES)
def add_planned() -> Response:
    """Where an item once was planned."""
    return htmx.go(url_for("cash_plans.add"))


def _listing() -> Listing:
    faults: dict[str, str] = {}
    account_id = _asked_key("account")
    since, until = _asked_day("from", faults), _asked_day("until", faults)
    words = searching.words(request.args)
    if words and since is None:
        since = (until or today()) - SEARCHED
    wanted = Wanted(account_id, since, until, words)
    found = list(queries.movements(wanted, after=keyset.day_and_id()))
    is_more = len(found) > queries.PAGE
    shown = found[: queries.PAGE]
    accounts = {one.id: one for one in cash_flow.accounts()}
    more_url, rows_url = _more_urls(shown[-1]) if is_more else (None, None)
    settling = reconciling.settling([one.id for one in shown])
    return Listing(accounts, wanted, faults, shown, more_url, rows_url, settling)


def _more_urls(last: "BankTransaction") -> tuple[str, str]:
    """The next page as a page, and as rows alone."""
    # Any: as url_for has it, which also takes flags of its own
    asked: dict[str, Any] = {
        key: request.args[key] for key in ("q", "account", "from", "until") if request.args.get(key)
    }
    asked["after"] = keyset.after(last.booked_on, last.id)
    return url_for("banking.index", **asked), url_for("banking.movements", **asked)


def _asked_key(name: str) -> UUID | None:
    text = request.args.get(name)
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound from None


def _asked_day(name: str, faults: dict[str, str]) -> date | None:
    """A day typed in the filter; what can't be read is said and left out."""
    text = request.args.get(name, "").strip()
    if not text:
        return None
    try:
        return parse_day(text)
    except ValueError as fault:
        faults[name] = str(fault)
        return None


def _known(account_id: UUID) -> "BankAccount":
    row = queries.account(account_id)
    if row is None:
        raise NotFound
    return row


def _form_page(template: str, form: Form, **context: object) -> Response:
    status = 422 if form.is_submitted() else 200
    return htmx.page(template, status=status, form=form, **context)
