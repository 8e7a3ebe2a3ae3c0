"""A person's own file, and the removal of the account: theirs alone, and nothing left behind."""

import io
import json
import re
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, text, update

from billify.application import (
    account_removal,
    audit,
    auth,
    mails,
    notifications,
    personal_data,
    ports,
)
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import (
    AuditEvent,
    Document,
    LoginSession,
    Mail,
    Membership,
    Notification,
    NotificationChoice,
    Passkey,
    PersonExport,
    PersonToken,
    RecoveryCode,
    User,
)
from billify.data.queries import company_privacy as privacy
from billify.data.queries import personal_data as queries
from billify.domain.notifications import MailWish, NotificationKind
from billify.domain.people import TokenPurpose
from billify.domain.refusal import NotFound, Refusal
from billify.domain.roles import Role
from billify.domain.second_step import recovery_hash
from billify.web import personal_paper
from tests import factories
from tests.cast import PASSWORD, Cast, Member

SECRETS = ("SEED-MARKER", "HASH-MARKER", "KEY-MARKER")
EMMA = re.compile(r"(?<![a-z0-9+/$])emma(?![a-z0-9+/])", re.IGNORECASE)
"""Her name as a word: the letters alone may stand in the hash of a password."""
CODE = "abcd-efgh-jkmn"
"""A recovery code, which removing the account of who has an app asks for."""


def make(member: Member) -> dict[str, Any]:
    """Ask, make and open the file."""
    with tenancy.user_scope(member.user_id):
        personal_data.ask(user_id=member.user_id)
    assert personal_data.make_due(render=personal_paper.render) == 1
    return json.loads(opened(member)["data.json"])  # type: ignore[no-any-return]  # JSON


def opened(member: Member) -> dict[str, bytes]:
    with tenancy.user_scope(member.user_id):
        row = queries.files(member.user_id)[0]
        content = personal_data.fetch(export_id=row.id, user_id=member.user_id)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def leave_traces(member: Member, name: str) -> None:
    """Something of a person in every table that may hold it."""
    user_id = member.user_id
    with factories.books_of(member):
        factories.document(f"{name}.pdf", uploaded_by=user_id)
        with transaction():
            notifications.tell(
                kind=NotificationKind.READ_FAILED, key=name, facts={"name": name}, to=[user_id]
            )
            mails.write(
                kind="support_asks",
                to=member.email,
                language="en",
                facts={"name": name},
                user_id=user_id,
            )
            row = db.session.scalars(select(Membership).where(Membership.user_id == user_id)).one()
            audit.record("member.changed", row, by=member.actor, after={"secret": "SEED-MARKER"})
    with tenancy.user_scope(user_id), transaction() as session:
        session.add_all(
            [
                Passkey(
                    user_id=user_id,
                    credential_id=f"KEY-MARKER-{name}".encode(),
                    public_key=b"KEY-MARKER",
                    name=f"phone of {name}",
                ),
                RecoveryCode(user_id=user_id, code_hash=b"HASH-MARKER"),
                RecoveryCode(user_id=user_id, code_hash=recovery_hash(CODE)),
                PersonToken(
                    user_id=user_id,
                    purpose=TokenPurpose.CHANGE_EMAIL,
                    token_hash=(name.encode() * 32)[:32],
                    email=f"{name}@next.example",
                    expires_at=datetime.now(UTC) + timedelta(hours=1),
                ),
                NotificationChoice(
                    user_id=user_id, kind=NotificationKind.TO_APPROVE, mail=MailWish.INSTANT
                ),
            ]
        )
        mails.write(
            kind="notification",
            to=member.email,
            language="en",
            facts={"name": name},
            user_id=user_id,
        )
        session.execute(
            update(User)
            .where(User.id == user_id)
            .values(totp_seed=b"SEED-MARKER", totp_since=func.now())
        )
        session.execute(
            update(LoginSession)
            .where(LoginSession.user_id == user_id)
            .values(address="192.0.2.7", device=f"browser of {name}")
        )


class TestTheFile:
    def test_it_holds_what_is_kept(self, cast: Cast) -> None:
        leave_traces(cast.anna, "anna")

        data = make(cast.anna)

        assert data["account"]["email"] == cast.anna.email
        (company,) = data["companies"]
        assert (company["name"], company["role"]) == ("Bakkerij Anna", "owner")
        assert [one["name"] for one in company["documents"]] == ["anna.pdf"]
        assert [one["facts"]["name"] for one in company["notifications"]] == ["anna"]
        assert [one["verb"] for one in company["deeds"]] == ["member.changed"]
        assert data["sessions"][0]["device"] == "browser of anna"
        assert data["passkeys"][0]["name"] == "phone of anna"
        assert data["mails"][0]["recipient"] == cast.anna.email

    def test_it_holds_nothing_of_anybody_else(self, cast: Cast) -> None:
        for member, name in ((cast.anna, "anna"), (cast.emma, "emma"), (cast.chloe, "chloe")):
            leave_traces(member, name)

        make(cast.anna)

        written = opened(cast.anna)
        assert any(b"anna" in content.lower() for content in written.values())
        for content in written.values():
            assert b"emma" not in content.lower()
            assert b"chlo" not in content.lower()

    def test_it_holds_no_secret(self, cast: Cast) -> None:
        leave_traces(cast.anna, "anna")

        make(cast.anna)

        written = b"".join(opened(cast.anna).values()).decode()
        assert not [secret for secret in SECRETS if secret in written]
        assert "password" not in json.loads(opened(cast.anna)["data.json"])["account"]

    def test_it_can_be_read_by_people(self, cast: Cast) -> None:
        leave_traces(cast.anna, "anna")
        make(cast.anna)

        page = opened(cast.anna)["data.html"].decode()

        assert "anna could not be read." in page
        assert "Bakkerij Anna" in page

    def test_the_person_is_told(self, cast: Cast) -> None:
        make(cast.anna)

        with factories.books_of(cast.anna):
            (row,) = db.session.scalars(select(Notification)).all()
        assert (row.user_id, row.kind, row.path) == (
            cast.anna.user_id,
            NotificationKind.EXPORT_READY,
            "/account/privacy",
        )

    def test_each_company_in_it_reads_that_in_its_log(self, cast: Cast) -> None:
        with factories.books_of(cast.chloe), transaction() as session:
            session.add(Membership(user_id=cast.anna.user_id, role=Role.ACCOUNTANT))

        make(cast.anna)

        for company in (cast.anna, cast.chloe):
            with factories.books_of(company):
                (event,) = privacy.exports()
                assert (event.verb, event.actor) == ("person.exported", "Anna")
                assert event.user_id == cast.anna.user_id
                assert audit.verify() == []

    def test_what_is_made_while_the_person_goes_is_not_kept(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put: list[str] = []
        storage = ports.storage()

        def go_meanwhile(data: dict[str, Any]) -> str:
            with tenancy.user_scope(cast.emma.user_id):
                account_removal.remove(user_id=cast.emma.user_id, password=PASSWORD)
            return "too late"

        def noted(key: str, content: bytes, media_type: str) -> None:
            put.append(key)
            type(storage).put(storage, key, content, media_type)

        monkeypatch.setattr(storage, "put", noted, raising=False)
        with tenancy.user_scope(cast.emma.user_id):
            personal_data.ask(user_id=cast.emma.user_id)

        assert personal_data.make_due(render=go_meanwhile) == 0

        assert put
        assert not [key for key in put if storage.exists(key)]

    def test_bytes_that_can_be_fetched_stay_when_another_made_them_too(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The slower of two processes finds the row settled: what it made is what is there."""
        made = personal_data._note_made
        first: list[bool] = []

        def twice(*given: Any) -> bool:
            first.append(made(*given))
            return made(*given)

        monkeypatch.setattr(personal_data, "_note_made", twice)
        with tenancy.user_scope(cast.anna.user_id):
            personal_data.ask(user_id=cast.anna.user_id)

        assert personal_data.make_due(render=personal_paper.render) == 0

        assert first == [True]
        assert "data.json" in opened(cast.anna)

    def test_nobody_else_fetches_it(self, cast: Cast) -> None:
        make(cast.anna)
        with tenancy.user_scope(cast.anna.user_id):
            key = queries.files(cast.anna.user_id)[0].id

        for other in (cast.bram, cast.chloe):
            with tenancy.user_scope(other.user_id), pytest.raises(NotFound):
                personal_data.fetch(export_id=key, user_id=other.user_id)

    def test_asking_twice_makes_one(self, cast: Cast) -> None:
        with tenancy.user_scope(cast.anna.user_id):
            personal_data.ask(user_id=cast.anna.user_id)
            personal_data.ask(user_id=cast.anna.user_id)

            assert len(queries.files(cast.anna.user_id)) == 1

    def test_after_its_week_it_is_gone(self, cast: Cast) -> None:
        make(cast.anna)
        with tenancy.user_scope(cast.anna.user_id):
            row = queries.files(cast.anna.user_id)[0]
        key = f"{row.user_id}/{row.sha256}"
        assert ports.storage().exists(key)

        assert personal_data.remove_expired(now=datetime.now(UTC) + timedelta(days=6)) == 0
        assert personal_data.remove_expired(now=datetime.now(UTC) + timedelta(days=8)) == 1

        assert not ports.storage().exists(key)
        with tenancy.user_scope(cast.anna.user_id), pytest.raises(NotFound):
            personal_data.fetch(export_id=row.id, user_id=cast.anna.user_id)

    def test_who_belongs_to_no_company_gets_one_too(self, cast: Cast) -> None:
        assert make(cast.dirk)["companies"] == []


def remove(member: Member, password: str = PASSWORD) -> None:
    with tenancy.user_scope(member.user_id):
        account_removal.remove(user_id=member.user_id, password=password, code=CODE)


def account(user_id: UUID) -> User:
    return db.session.scalars(
        select(User).where(User.id == user_id).execution_options(populate_existing=True)
    ).one()


class TestRemoval:
    def test_the_account_row_tells_no_person(self, cast: Cast) -> None:
        leave_traces(cast.emma, "emma")

        remove(cast.emma)

        row = account(cast.emma.user_id)
        assert row.removed_at is not None
        assert row.name == account_removal.NAME
        assert "emma" not in row.email
        assert row.email.endswith(".invalid")
        assert (row.totp_seed, row.totp_since) == (None, None)
        with pytest.raises(Refusal):
            auth.log_in(email=cast.emma.email, password=PASSWORD, address=None, device=None)

    def test_nothing_personal_is_left_in_the_tables_of_people(self, cast: Cast) -> None:
        leave_traces(cast.emma, "emma")
        make(cast.emma)

        remove(cast.emma)

        with tenancy.unscoped("the test looks everywhere"):
            for table in (Passkey, RecoveryCode, PersonToken, NotificationChoice):
                found = select(func.count()).where(table.user_id == cast.emma.user_id)
                assert db.session.scalar(found) == 0, table.__tablename__
            for name in (
                "user_account",
                "login_session",
                "mail",
                "passkey",
                "person_token",
                "person_export",
            ):
                rows = db.session.execute(text(f"SELECT t::text FROM {name} t")).scalars()
                assert not [row for row in rows if EMMA.search(row)], name
            session = db.session.scalars(
                select(LoginSession)
                .where(LoginSession.user_id == cast.emma.user_id)
                .execution_options(populate_existing=True)
            ).one()
            assert session.revoked_at is not None
            assert (session.address, session.device) == (None, None)

    def test_mails_that_wait_are_not_sent(self, cast: Cast) -> None:
        leave_traces(cast.emma, "emma")

        remove(cast.emma)

        with tenancy.unscoped("the test looks at all mails"):
            assert mails.claim() is None
            found = select(Mail).where(Mail.user_id == cast.emma.user_id)
            rows = db.session.scalars(found.execution_options(populate_existing=True)).all()
            # the two of before, and the one that told of the recovery code
            assert [(row.recipient, row.body) for row in rows] == [("", None)] * 3

    def test_its_places_and_what_it_was_told_are_gone(self, cast: Cast) -> None:
        leave_traces(cast.emma, "emma")

        remove(cast.emma)

        with factories.books_of(cast.anna):
            of_emma = Membership.user_id == cast.emma.user_id
            assert db.session.scalars(select(Membership).where(of_emma)).all() == []
            assert db.session.scalars(select(Notification)).all() == []

    def test_the_books_and_their_log_keep_the_key(self, cast: Cast) -> None:
        leave_traces(cast.emma, "emma")

        remove(cast.emma)

        with factories.books_of(cast.anna):
            by_emma = AuditEvent.user_id == cast.emma.user_id
            verbs = db.session.scalars(
                select(AuditEvent.verb).where(by_emma).order_by(AuditEvent.seq)
            ).all()
            assert verbs == ["member.changed", "member.left"]
            assert audit.verify() == []
            document = db.session.scalars(select(Document)).one()
            assert document.uploaded_by == cast.emma.user_id

    def test_the_file_of_the_person_goes_too(self, cast: Cast) -> None:
        make(cast.emma)
        with tenancy.user_scope(cast.emma.user_id):
            row = queries.files(cast.emma.user_id)[0]

        remove(cast.emma)

        assert not ports.storage().exists(f"{row.user_id}/{row.sha256}")

    def test_a_wrong_password_removes_nothing(self, cast: Cast) -> None:
        with pytest.raises(auth.NotYourPassword):
            remove(cast.emma, "niet mijn wachtwoord")

        assert account(cast.emma.user_id).removed_at is None

    def test_the_last_owner_is_told_the_way_out(self, cast: Cast) -> None:
        with pytest.raises(Refusal, match="last owner of Bakkerij Anna"):
            remove(cast.anna)

        assert account(cast.anna.user_id).name == "Anna"

    def test_with_a_second_owner_the_first_may_go(self, cast: Cast) -> None:
        with factories.books_of(cast.anna), transaction() as session:
            session.execute(
                update(Membership)
                .where(Membership.user_id == cast.emma.user_id)
                .values(role=Role.OWNER)
            )

        remove(cast.anna)

        assert account(cast.anna.user_id).removed_at is not None

    def test_what_was_asked_for_and_not_made_is_not_made(self, cast: Cast) -> None:
        with tenancy.user_scope(cast.emma.user_id):
            personal_data.ask(user_id=cast.emma.user_id)

        remove(cast.emma)

        assert personal_data.make_due(render=personal_paper.render) == 0
        with tenancy.unscoped("the test looks at all files"):
            assert db.session.scalar(select(func.count()).select_from(PersonExport)) == 1
