"""The outbox: a mail is a row, written with the work that asks for it and sent by the clock.

What a mail says is kept as facts, sealed, and made into words when it leaves; once it is sent
the facts are gone. Facts under `opens` are paths that open something for who has them.
"""

import random
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import structlog

from billify.application import ports
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import Mail
from billify.data.queries import mails as queries
from billify.data.types import uuid7
from billify.domain import mails as rules
from billify.domain import sealing
from billify.domain.mails import MailState
from billify.domain.refusal import N_, NotFound, Refusal
from billify.integrations import mail as mail_server

log = structlog.get_logger()
Facts = dict[str, Any]  # Any: JSON
LONGEST_SUBJECT = 200
LONGEST_ERROR = 300
LONGEST_SECONDS = 45.0
"""No further mail is begun after this long: the next tick goes on."""
_STAFF = "staff look after the mails of everybody"
_KEYS = "a change of keys is about everything that is sealed"
_WHY = "one clock sends the mails of everybody"


@dataclass(frozen=True, slots=True)
class Paper:
    """What a mail says. `choices_url` is where a person chooses which of these they get, for
    those one can do without."""

    subject: str
    text: str
    html: str
    choices_url: str | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A mail this process holds until `lease_until`."""

    id: UUID
    kind: str
    to: str
    language: str
    facts: Facts
    attempts: int
    created_at: datetime
    lease_until: datetime


def write(
    *,
    kind: str,
    to: str,
    language: str,
    facts: Facts,
    user_id: UUID | None = None,
    company_id: UUID | None = None,
    key: str | None = None,
    send_at: datetime | None = None,
) -> None:
    """Put a mail into the outbox within the running transaction; with a `key` that is there
    already nothing is written.

    `kind` names its two templates in templates/mail. `company_id` is the company it is about, by
    default the one of the scope. In `facts` moments are ISO texts and addresses are paths;
    `until`, when there is one, is when it is no longer worth sending.
    """
    mail_id = uuid7()
    now = datetime.now(UTC)
    queries.insert_new(
        {
            "id": mail_id,
            "about_company": company_id or tenancy.current().company_id,
            "user_id": user_id,
            "kind": kind,
            "recipient": to,
            "language": language,
            "subject": "",
            "body": _sealed(mail_id, facts),
            "state": MailState.WAITING,
            "attempts": 0,
            "send_at": send_at or now,
            "key": key,
            "created_at": now,
        }
    )


def send_due(*, render: Callable[[Claimed], Paper]) -> int:
    """Send the mails whose time has come, one after the other; gives how many were tried.

    Without a mail server they wait. When the server itself is of no use the rest waits for the
    next tick. `render` makes the words of a mail; one that can't be made holds up no other.
    """
    settings = ports.settings().mail
    if settings.host is None:
        return 0
    started, tried = time.monotonic(), 0
    with mail_server.Post(settings) as post:
        while time.monotonic() - started < LONGEST_SECONDS:
            mail = claim()
            if mail is None:
                break
            tried += 1
            try:
                paper = render(mail)
            except Exception as error:  # noqa: BLE001  noted on its row, and the next one is sent
                _failed(mail, f"could not be made: {type(error).__name__}", is_final=False)
                continue
            if not _send(mail, paper, post):
                break
    return tried


def claim() -> Claimed | None:
    """Hold the mail that is due longest; None when nothing waits. One that no key opens, or that
    is not worth sending any more, is put aside on the way."""
    while True:
        with tenancy.unscoped(_WHY), transaction():
            row = queries.claim(datetime.now(UTC), rules.LEASE)
            if row is None:
                return None
            found = _claimed(row)
            if found is not None:
                return found


def _send(mail: Claimed, paper: Paper, post: mail_server.Post) -> bool:
    """Send a mail that was claimed, and note how it went; False when no other would leave.

    A process that is killed after the server took the mail and before that is noted leaves it to
    be sent again: a mail that comes twice, under one Message-ID, does less harm than none.
    """
    try:
        post.send(_letter(mail, paper))
    except mail_server.Trouble as trouble:
        _failed(mail, trouble.sentence, is_final=trouble.is_final)
        return not trouble.is_about_server
    except Exception as error:  # noqa: BLE001  noted on its row: one mail never stops the others
        _failed(mail, f"could not be sent: {type(error).__name__}", is_final=False)
        return True
    now = datetime.now(UTC)
    values = {"state": MailState.SENT, "sent_at": now, "body": None, "error": None}
    _settle(mail, values | {"subject": paper.subject[:LONGEST_SUBJECT]})
    log.info("mail.sent", mail=str(mail.id), kind=mail.kind, attempts=mail.attempts)
    return True


@dataclass(frozen=True, slots=True)
class Outbox:
    """A page of the outbox, newest first."""

    mails: Sequence[Mail]
    has_more: bool
    counts: dict[MailState, int]


def page(*, state: MailState | None, words: str | None, before: UUID | None) -> Outbox:
    """Mails in a state, to an address that has these words in it, for staff."""
    with tenancy.unscoped(_STAFF):
        found = queries.page(state=state, words=words, before=before)
        counts = queries.counts()
    return Outbox(found[: queries.SHOWN], len(found) > queries.SHOWN, counts)


def opened(*, mail_id: UUID) -> tuple[Mail, Facts | None]:
    """A mail with its facts, for staff; no facts once it is sent or no key opens it. Refuses one
    that is not there."""
    with tenancy.unscoped(_STAFF):
        row = queries.mail(mail_id)
    if row is None:
        raise NotFound
    return row, _facts(row)


def retry(*, mail_id: UUID) -> Mail:
    """Send a mail that failed anew, now. Refuses one that was sent or whose body is gone."""
    with tenancy.unscoped(_STAFF), transaction():
        row = _locked(mail_id)
        if row.body is None:
            raise Refusal(N_("What this mail said is no longer kept."))
        row.state, row.attempts, row.error = MailState.WAITING, 0, None
        row.send_at = datetime.now(UTC)
    return row


def retry_failed() -> int:
    """Send all mails anew that failed and still say something; how many they are."""
    with tenancy.unscoped(_STAFF), transaction():
        return queries.revive_failed(datetime.now(UTC))


def discard(*, mail_id: UUID) -> Mail:
    """Never send a mail, and forget what it says. Refuses one that was sent or is being sent."""
    with tenancy.unscoped(_STAFF), transaction():
        row = _locked(mail_id)
        row.state, row.body = MailState.DISCARDED, None
    return row


def take_back(*, key: str) -> None:
    """Don't send the mail of this key, if it still waits; within the running transaction."""
    queries.discard_waiting(key)


def amend(*, user_id: UUID, kinds: Collection[str], to: Callable[[Facts], Facts | None]) -> None:
    """Change what mails to a person say that have not left; one of which nothing is left, or which
    no key opens, never leaves. Within the running transaction, in a scope of the person."""
    for row in queries.lock_unsent(user_id, kinds):
        said = _facts(row)
        left = to(said) if said is not None else None
        if left is None:
            row.state, row.body = MailState.DISCARDED, None
        elif left != said:
            row.body = _sealed(row.id, left)
    db.session.flush()


def sealed() -> Sequence[UUID]:
    """The mails whose words are kept, for a change of keys."""
    with tenancy.unscoped(_KEYS):
        return queries.sealed()


def seal_again(*, mail_id: UUID) -> bool:
    """Seal what a mail says with the newest key; False when no key opens it."""
    with tenancy.unscoped(_KEYS), transaction():
        row = queries.lock(mail_id)
        if row is None or row.body is None:
            return True
        facts = _facts(row)
        if facts is None:
            return False
        row.body = _sealed(mail_id, facts)
    return True


def _locked(mail_id: UUID) -> Mail:
    row = queries.lock(mail_id)
    if row is None:
        raise NotFound
    if row.state is MailState.SENT:
        raise Refusal(N_("This mail was sent."))
    if row.lease_until is not None and row.lease_until > datetime.now(UTC):
        raise Refusal(N_("This mail is being sent right now."))
    return row


def _claimed(row: Mail) -> Claimed | None:
    facts = _facts(row)
    lease_until = row.lease_until
    if lease_until is None:
        raise ValueError("a mail that was claimed has a lease")
    if facts is None:
        queries.settle(row.id, lease_until, {"state": MailState.FAILED, "error": "no key opens it"})
        return None
    if "until" in facts and datetime.fromisoformat(facts["until"]) <= datetime.now(UTC):
        gone = {"state": MailState.DISCARDED, "error": "its link has ended", "body": None}
        queries.settle(row.id, lease_until, gone)
        return None
    return Claimed(
        row.id,
        row.kind,
        row.recipient,
        row.language,
        facts,
        row.attempts,
        row.created_at,
        lease_until,
    )


def _letter(mail: Claimed, paper: Paper) -> mail_server.Letter:
    settings = ports.settings()
    domain = (urlsplit(settings.public_url).hostname or "localhost").lower()
    headers = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    if paper.choices_url:
        headers["List-Unsubscribe"] = f"<{paper.choices_url}>"
    return mail_server.Letter(
        to=mail.to,
        subject=paper.subject,
        text=paper.text,
        html=paper.html,
        message_id=f"<{mail.id}@{domain}>",
        sent_at=datetime.now(UTC),
        headers=headers,
    )


def _failed(mail: Claimed, error: str, *, is_final: bool) -> None:
    is_given_up = is_final or rules.is_last(attempts=mail.attempts)
    wait = rules.pause(attempts=mail.attempts, jitter=random.random())  # noqa: S311  spreads load only
    values = {
        "state": MailState.FAILED if is_given_up else MailState.WAITING,
        "send_at": datetime.now(UTC) + wait,
        "error": error[:LONGEST_ERROR],
    }
    _settle(mail, values)
    log.warning(
        "mail.failed", mail=str(mail.id), kind=mail.kind, attempts=mail.attempts, dead=is_given_up
    )


def _settle(mail: Claimed, values: dict[str, Any]) -> None:  # Any: column values
    with tenancy.unscoped(_WHY), transaction():
        queries.settle(mail.id, mail.lease_until, values)


def _facts(row: Mail) -> Facts | None:
    if row.body is None:
        return None
    keys = ports.settings().secret_keys
    try:
        return sealing.open_sealed(row.body, keys=keys, place=_place(row.id))
    except sealing.CannotOpen:
        return None


def _sealed(mail_id: UUID, facts: Facts) -> bytes:
    return sealing.seal(facts, keys=ports.settings().secret_keys, place=_place(mail_id))


def _place(mail_id: UUID) -> str:
    return f"mail:{mail_id}"
