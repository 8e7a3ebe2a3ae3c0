"""Who may ask for which page. The first lock: the address names the company, here the person's
place in it is checked. Deny by default: a route that declares nothing is closed.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from flask import Flask, Response, current_app, flash, g, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import AnonymousUserMixin, LoginManager, UserMixin, current_user, logout_user
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.wrappers import Response as BaseResponse

from billify.application import auth
from billify.data import tenancy
from billify.data.queries import auth as queries
from billify.domain import refusal
from billify.domain.brussels import day_of
from billify.domain.people import DateStyle
from billify.domain.refusal import N_, Closed
from billify.domain.roles import Actor, Right, Role, Staff
from billify.web import features, filters, logs, looking

COOKIE = "billify_session"
View = TypeVar("View", bound=Callable[..., Any])


class Access(StrEnum):
    """What a route asks of who calls it."""

    PUBLIC = "public"
    PERSON = "person"
    MEMBER = "member"
    RIGHT = "right"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Declared:
    """A route's declaration: the kind, and the right it wants."""

    access: Access
    right: Right | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A company a person belongs to, for the switcher."""

    slug: str
    name: str


class Person(UserMixin):  # type: ignore[misc]  # flask-login has no types
    """Who is signed in, for flask-login."""

    def __init__(self, session_id: UUID, user_id: UUID, name: str, email: str, language: str):
        self.session_id = session_id
        self.user_id = user_id
        self.name = name
        self.email = email
        self.language = language
        self.is_staff = False
        self.lent: looking.Lent | None = None
        self.date_style = DateStyle.SLASHES

    def get_id(self) -> str:
        """The key of the person."""
        return str(self.user_id)


def public(view: View) -> View:
    """Anyone may call this route."""
    return _declare(view, Declared(Access.PUBLIC))


def person(view: View) -> View:
    """Anyone who is signed in may call this route; it belongs to no company."""
    return _declare(view, Declared(Access.PERSON))


def staff(view: View) -> View:
    """Only staff may call this route; it belongs to the back office."""
    return _declare(view, Declared(Access.STAFF))


def member(view: View) -> View:
    """Everyone who belongs to the company of the address may call this route."""
    return _declare(view, Declared(Access.MEMBER))


def right(wanted: Right) -> Callable[[View], View]:
    """Members whose role covers this right may call this route."""
    return lambda view: _declare(view, Declared(Access.RIGHT, wanted))


def declared(app: Flask, endpoint: str) -> Declared | None:
    """What the route of an endpoint declares; None when it declares nothing."""
    return getattr(app.view_functions[endpoint], "__access__", None)


def actor() -> Actor:
    """Who acts in this company. Only on routes of a company."""
    found: Actor = g.actor
    return found


def signed_in() -> Person | None:
    """Who is signed in, or nobody."""
    return current_user._get_current_object() if current_user.is_authenticated else None


def me() -> Person:
    """Who is signed in. Only on routes that ask for it."""
    one = signed_in()
    if one is None:
        raise Forbidden
    return one


def staff_member() -> Staff:
    """Who of the staff acts. Only on routes of the back office."""
    one = me()
    return Staff(one.user_id, one.name, one.email, request.remote_addr)


def ask_no_more() -> None:
    """Go on without knowing who it is, when the database that knows is away."""
    if "_login_user" not in g:
        g._login_user = AnonymousUserMixin()


def as_person(user_id: UUID) -> AbstractContextManager[None]:
    """Read where a person belongs, outside a company's pages."""
    return tenancy.user_scope(user_id)


def keep_scope(parts: Iterator[str]) -> Iterator[str]:
    """The parts of a streamed answer, made in the company of this request, which has ended by
    the time they leave."""
    scope = tenancy.current()

    def within() -> Iterator[str]:
        tenancy.enter(scope)
        yield from parts

    return within()


def now() -> datetime:
    """The clock, asked at the edge."""
    return datetime.now(UTC)


def today() -> date:
    """The day on the clock of Brussels."""
    return day_of(datetime.now(UTC))


def init_app(app: Flask) -> None:
    """Check every request before its route, and keep the company out of each link."""
    login = LoginManager(app)
    login.session_protection = None
    login.request_loader(_person_of)
    app.before_request(_check)
    app.after_request(_never_kept)
    app.url_value_preprocessor(_take_slug)
    app.url_defaults(_give_slug)
    app.teardown_request(_leave)


def set_cookie(response: BaseResponse, token: str) -> None:
    """Sign a device in. The cookie holds an opaque token and is out of reach of scripts."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(auth.SIGNED_IN_FOR.total_seconds()),
        httponly=True,
        secure=request.is_secure or current_app.config["SETTINGS"].is_production,
        samesite="Lax",
    )


def drop_cookie(response: BaseResponse) -> None:
    """Sign this device out."""
    logout_user()
    response.delete_cookie(COOKIE, httponly=True, samesite="Lax")


def _declare(view: View, what: Declared) -> View:
    if hasattr(view, "__access__"):
        raise ValueError(f"{view.__name__} declares its access twice")
    view.__access__ = what  # type: ignore[attr-defined]  # a mark on the function
    return view


def _person_of(_request: object) -> Person | None:
    token = request.cookies.get(COOKIE)
    if not token:
        return None
    found = auth.resume(token=token)
    if found is None:
        return None
    user = found.user
    one = Person(found.id, user.id, user.name, user.email, user.language)
    one.is_staff = user.is_staff
    if user.is_staff and found.looking_company and found.looking_access:
        one.lent = looking.Lent(found.looking_company, found.looking_access)
    one.date_style = user.date_style
    filters.write_days(user.date_style)
    return one


def _take_slug(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    g.slug = values.pop("company", None) if values else None


def _give_slug(endpoint: str, values: dict[str, Any]) -> None:
    slug = g.get("slug")
    if (
        slug
        and "company" not in values
        and current_app.url_map.is_endpoint_expecting(endpoint, "company")
    ):
        values["company"] = slug


def _check() -> BaseResponse | None:
    if request.endpoint is None:
        return None
    what = declared(current_app, request.endpoint)
    if what is None:
        raise Forbidden
    if what.access is Access.PUBLIC:
        return None
    one = signed_in()
    if one is None:
        return _to_login()
    if what.access in (Access.PERSON, Access.STAFF):
        if what.access is Access.STAFF and not one.is_staff:
            raise Forbidden
        tenancy.enter(tenancy.Scope(user_id=one.user_id))
        return _to_second_step(one) if what.access is Access.STAFF else None
    if one.lent is None or not looking.enter(one.lent, g.slug, by=staff_member()):
        _enter_company(one)
    features.refuse_switched_off(request.endpoint)
    if what.right is not None and not actor().can(what.right):
        raise Forbidden
    return None


def _enter_company(one: Person) -> None:
    """Find the person's place in the company of the address. Strangers learn nothing: 404."""
    tenancy.enter(tenancy.Scope(user_id=one.user_id))
    places = queries.places(one.user_id)
    here = next((place for place in places if place.company.slug == g.slug), None)
    if here is None:
        tenancy.enter(tenancy.NOBODY)
        if one.lent is not None:
            raise refusal.NotFound(N_("Nothing is here, or you look along no longer."))
        raise NotFound
    g.places = [Place(place.company.slug, place.company.name) for place in places]
    if here.company.suspended_at is not None:
        raise _suspended(here.company.name, here.company.suspended_reason or "")
    tenancy.enter(tenancy.Scope(company_id=here.company_id, user_id=one.user_id))
    logs.bind_company(here.company_id)
    g.company = here.company
    g.actor = Actor(
        user_id=one.user_id,
        name=one.name,
        email=one.email,
        company_id=here.company_id,
        role=Role(here.role),
        approval_limit=here.approval_limit,
        address=request.remote_addr,
    )


def _suspended(name: str, reason: str) -> Closed:
    """What the people of a suspended company read in place of their pages."""
    said = N_("%(company)s is suspended (%(reason)s). Nothing is lost. Write to our support.")
    address = current_app.config["SETTINGS"].support_email
    if address is not None:
        said = N_("%(company)s is suspended (%(reason)s). Nothing is lost. Write to %(address)s.")
    return Closed(said, company=name, reason=reason.rstrip("."), address=address)


def _to_second_step(one: Person) -> BaseResponse | None:
    """Staff see much, so in production a password alone does not let them in."""
    is_production = current_app.config["SETTINGS"].is_production
    if not is_production or auth.has_second_step(user_id=one.user_id):
        return None
    flash(_("Set up a second step first: the back office asks for it."), "warn")
    return redirect(url_for("security.index"))


def _never_kept(response: Response) -> Response:
    """What staff see is in no cache, nor behind the Back button of who comes after them."""
    what = declared(current_app, request.endpoint) if request.endpoint else None
    if "looking" in g or (what is not None and what.access is Access.STAFF):
        response.headers["Cache-Control"] = "no-store"
    return response


def _to_login() -> BaseResponse:
    """To the login page and back; an htmx request is told to take the whole page there."""
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": url_for("auth.log_in")})
    wanted = request.full_path if request.method == "GET" else None
    return redirect(url_for("auth.log_in", next=wanted))


def _leave(_error: BaseException | None) -> None:
    tenancy.leave()
