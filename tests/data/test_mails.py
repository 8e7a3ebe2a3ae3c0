"""Who may write which mail, as PostgreSQL itself sees it."""

from uuid import UUID

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import ProgrammingError

from billify.application import mails
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import Mail
from tests.cast import Cast, Member


def write(to: Member, about: UUID | None) -> None:
    with transaction():
        mails.write(
            kind="way_in",
            to=to.email,
            language="nl",
            facts={},
            user_id=to.user_id,
            company_id=about,
        )


def count() -> int | None:
    with tenancy.unscoped("the test looks"):
        return db.session.scalar(select(func.count()).select_from(Mail))


def test_a_person_writes_to_themselves_about_no_company(cast: Cast) -> None:
    with tenancy.user_scope(cast.anna.user_id):
        write(cast.anna, None)

    assert count() == 1


@pytest.mark.parametrize("whose", ["anna", "chloe"])
def test_a_person_writes_nothing_about_a_company_they_have_not_entered(
    whose: str, cast: Cast
) -> None:
    about = getattr(cast, whose).company_id

    with (
        tenancy.user_scope(cast.anna.user_id),
        pytest.raises(ProgrammingError, match="row-level security"),
    ):
        write(cast.anna, about)

    assert count() == 0


def test_a_company_writes_nothing_about_another(cast: Cast) -> None:
    with (
        tenancy.company_scope(cast.anna.actor.company_id, cast.anna.user_id),
        pytest.raises(ProgrammingError, match="row-level security"),
    ):
        write(cast.anna, cast.chloe.company_id)


def test_a_mail_is_not_moved_to_another_company(cast: Cast) -> None:
    with tenancy.company_scope(cast.anna.actor.company_id, cast.anna.user_id):
        write(cast.anna, cast.anna.company_id)

        with pytest.raises(ProgrammingError, match="row-level security"), transaction() as session:
            session.execute(update(Mail).values(about_company=cast.chloe.company_id))
