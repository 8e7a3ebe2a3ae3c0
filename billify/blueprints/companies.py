"""Settings: the company's particulars, its people, and the audit log."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse
from wtforms import BooleanField

from billify.application import companies, invitations
from billify.application.companies import ALERT_DAYS, MOST_ALERT_DAYS, Particulars
from billify.data.queries import companies as queries
from billify.domain.documents import LEAST_PERCENT, MOST_PERCENT, SURE_PERCENT
from billify.domain.names import NameLeadsAway
from billify.domain.refusal import NotFound, Refusal
from billify.domain.roles import Right, Role
from billify.web import access, htmx, languages, plan_forms
from billify.web.access import actor, right
from billify.web.forms import (
    ChoiceField,
    Form,
    MoneyField,
    OptionalText,
    WholeField,
    at_most,
    chosen,
    required,
)
from billify.web.people import MAY, ROLES
from billify.web.plan_forms import VAT_PERIODS, WITHHOLDING_PERIODS

if TYPE_CHECKING:
    from billify.data.models import AuditEvent

bp = Blueprint("companies", __name__)
LANGUAGES = [("nl", "Nederlands"), ("fr", "Français"), ("en", "English"), ("de", "Deutsch")]
SUBJECTS = {
    "invoice": _l("Invoices"),
    "document": _l("Documents"),
    "contact": _l("Contacts"),
    "bank_account": _l("Bank accounts"),
    "bank_transaction": _l("Movements"),
    "bank_import": _l("Bank files"),
    "csv_mapping": _l("What the columns mean"),
    "bank_rule": _l("Rules"),
    "reading_memory": _l("Reading"),
    "integration": _l("Connections"),
    "alert": _l("Cash flow"),
    "scenario": _l("Scenarios"),
    "planned_item": _l("Planned items"),
    "recurrence_choice": _l("Recurring movements"),
    "obligation_choice": _l("Taxes"),
    "category": _l("Categories"),
    "company": _l("Company"),
    "membership": _l("People"),
    "support_access": _l("Support"),
    "invitation": _l("Invitations"),
    "job": _l("Jobs"),
}


class ParticularsForm(Form):
    """The company as it describes itself."""

    name = OptionalText(_l("Name"), [required(), at_most(120)])
    vat_number = OptionalText(_l("VAT number"), [at_most(30)])
    street = OptionalText(_l("Street and number"), [at_most(200)])
    postcode = OptionalText(_l("Postcode"), [at_most(20)])
    city = OptionalText(_l("City"), [at_most(100)])
    country = OptionalText(_l("Country"), [required(), at_most(2)])
    language = ChoiceField(_l("Language"), [chosen()], choices=LANGUAGES)
    floor_amount = MoneyField(_l("Floor"))
    sure_percent = WholeField(_l("Sure from"), least=LEAST_PERCENT, most=MOST_PERCENT)
    alert_days = WholeField(_l("Warn ahead"), least=1, most=MOST_ALERT_DAYS)
    vat_period = ChoiceField(_l("VAT returns"), [chosen()], choices=VAT_PERIODS)
    withholding_period = ChoiceField(
        _l("Payroll withholding tax"), [chosen()], choices=WITHHOLDING_PERIODS
    )
    counts_budget = BooleanField(_l("What is left of the budget counts in the forecast"))
    asks_slower = BooleanField(_l("Ask less often outside of office hours"))

    def particulars(self) -> Particulars:
        """What was filled in."""
        return Particulars(
            name=self.name.data or "",
            vat_number=self.vat_number.data,
            street=self.street.data,
            postcode=self.postcode.data,
            city=self.city.data,
            country=(self.country.data or "BE").upper(),
            language=self.language.data,
            floor_amount=self.floor_amount.data or Decimal("0.00"),
            sure_percent=self.sure_percent.data or SURE_PERCENT,
            alert_days=self.alert_days.data or ALERT_DAYS,
            vat_every=plan_forms.period(self.vat_period.data),
            withholding_every=plan_forms.period(self.withholding_period.data),
            counts_budget=bool(self.counts_budget.data),
            asks_slower=bool(self.asks_slower.data),
        )


class MemberForm(Form):
    """A person's role and how much they may approve."""

    role = ChoiceField(
        _l("Role"), [chosen()], choices=[(role.value, name) for role, name in ROLES.items()]
    )
    approval_limit = MoneyField(_l("Approves up to"))


@bp.route("/settings", methods=["GET", "POST"])
@right(Right.MANAGE_COMPANY)
def settings() -> Response:
    """The company's particulars."""
    company = queries.own()
    form = ParticularsForm(
        obj=company,
        vat_period=plan_forms.named(company.vat_every),
        withholding_period=plan_forms.named(company.withholding_every),
    )
    if form.validate_on_submit():
        try:
            companies.change(particulars=form.particulars(), by=actor())
        except Refusal as refusal:
            form.refuse(refusal, "name" if isinstance(refusal, NameLeadsAway) else "vat_number")
        else:
            flash(_("Saved."), "good")
            return htmx.go(url_for("companies.settings"))
    return htmx.page("companies/index.html", form=form, status=_status(form))


@bp.get("/settings/people")
@right(Right.MANAGE_COMPANY)
def people() -> Response:
    """Who belongs to the company, with which role, and who is invited."""
    return htmx.page(
        "companies/people.html",
        members=queries.members(),
        invited=invitations.pending(now=access.now()),
        roles=ROLES,
        may=MAY,
    )


@bp.route("/settings/people/<uuid:membership_id>", methods=["GET", "POST"])
@right(Right.MANAGE_COMPANY)
def member(membership_id: UUID) -> Response:
    """A person's role and limit; owners may change them."""
    found = queries.member(membership_id)
    if found is None:
        raise NotFound
    form = MemberForm(role=found.role.value, approval_limit=found.approval_limit)
    if form.validate_on_submit():
        try:
            companies.change_member(
                membership_id=membership_id,
                role=Role(form.role.data),
                approval_limit=form.approval_limit.data,
                by=actor(),
            )
        except Refusal as refusal:
            form.refuse(refusal, "role")
        else:
            flash(_("Saved."), "good")
            return htmx.go(url_for("companies.people"))
    return htmx.page("companies/member.html", form=form, member=found, status=_status(form))


@bp.post("/settings/people/<uuid:membership_id>/removal")
@right(Right.MANAGE_COMPANY)
def remove_member(membership_id: UUID) -> Response:
    """End a person's place in the company."""
    found = queries.member(membership_id)
    is_own = found is not None and found.user_id == actor().user_id
    companies.remove_member(membership_id=membership_id, by=actor())
    flash(_("The person no longer belongs to the company."), "good")
    return htmx.go(url_for("auth.start") if is_own else url_for("companies.people"))


@bp.route("/leaving", methods=["GET", "POST"])
@access.member
def leave() -> BaseResponse:
    """End one's own place in the company."""
    form = Form()
    refusal = None
    if form.validate_on_submit():
        try:
            companies.leave(by=actor())
        except Refusal as error:
            refusal = languages.sentence(error)
        else:
            flash(_("You no longer belong to the company."), "good")
            return redirect(url_for("auth.account"), code=303)
    return htmx.page(
        "companies/leave.html", form=form, refusal=refusal, status=422 if refusal else 200
    )


@bp.get("/settings/audit")
@right(Right.MANAGE_COMPANY)
def audit() -> Response:
    """Who did what and when, newest first."""
    subject_type = request.args.get("subject_type") or None
    subject_id = _asked_key("subject_id")
    found = queries.events(
        subject_type=subject_type if subject_type in SUBJECTS else None,
        subject_id=subject_id,
        before=request.args.get("before", type=int),
    )
    shown = list(found[: queries.EVENTS])
    more_url = _more_url(shown[-1]) if len(found) > queries.EVENTS else None
    is_part = request.headers.get("HX-Request-Type") == "partial"
    return htmx.page(
        _audit_template(is_part, request.args.get("before")),
        events=shown,
        more_url=more_url,
        subjects=SUBJECTS,
        subject_type=subject_type,
        subject_id=subject_id,
    )


def _audit_template(is_part: bool, before: str | None) -> str:
    if not is_part:
        return "companies/audit.html"
    return "companies/_events_more.html" if before else "companies/_events.html"


def _more_url(last: "AuditEvent") -> str:
    # Any: as url_for has it, which also takes flags of its own
    asked: dict[str, Any] = {
        key: request.args[key] for key in ("subject_type", "subject_id") if request.args.get(key)
    }
    return url_for("companies.audit", **asked, before=last.seq)


def _asked_key(name: str) -> UUID | None:
    text = request.args.get(name)
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound from None


def _status(form: Form) -> int:
    return 422 if form.is_submitted() else 200
