"""Who is staff, and what a look of staff leaves behind."""

import pytest

from billify.application import audit, auth, people
from billify.application.back_office import looking
from billify.data import tenancy
from billify.data.queries import auth as queries
from billify.data.queries import companies
from billify.domain.refusal import Refusal
from billify.domain.roles import Staff
from tests.cast import Cast

SAM = "sam@example.be"


def test_new_staff_get_a_password_once(app: object) -> None:
    password = people.make_staff(email=SAM, name="Sam")

    assert password is not None
    assert people.make_staff(email=SAM, name=None) is None
    user = queries.user_by_email(SAM)
    assert user is not None
    assert user.is_staff
    assert auth.log_in(email=SAM, password=password, address=None, device=None)


def test_a_new_person_of_the_staff_has_a_name(app: object) -> None:
    with pytest.raises(Refusal, match="--name"):
        people.make_staff(email=SAM, name=None)


def test_a_member_who_becomes_staff_keeps_their_password(cast: Cast) -> None:
    assert people.make_staff(email=cast.anna.email, name=None) is None

    people.end_staff(email=cast.anna.email)

    user = queries.user_by_email(cast.anna.email)
    assert user is not None
    assert not user.is_staff
    with pytest.raises(Refusal):
        people.end_staff(email=cast.anna.email)


def test_a_look_of_staff_is_a_line_of_the_company_alone(cast: Cast) -> None:
    bakery, chocolate = cast.anna.actor.company_id, cast.chloe.actor.company_id
    dirk = Staff(cast.dirk.user_id, "Dirk", cast.dirk.email, "192.0.2.7")

    looking.note(what="jobs", company_id=bakery, by=dirk)

    with tenancy.company_scope(bakery):
        seen = companies.events(subject_type=None, subject_id=None, before=None)
        assert [(one.verb, one.actor, one.after) for one in seen] == [
            ("staff.looked", "Dirk", {"page": "jobs"})
        ]
        assert audit.verify() == []
    with tenancy.company_scope(chocolate):
        assert not companies.events(subject_type=None, subject_id=None, before=None)
