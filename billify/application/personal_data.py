"""A person's own data as a file: asked for, made by the clock, fetched for a week, then gone.

It holds what is kept about the person, and nothing that proves who they are: no password, seed,
key or token, not even as a hash.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import structlog

from billify.application import audit, news, ports
from billify.data import tenancy
from billify.data.db import transaction
from billify.data.models import Membership, PersonExport
from billify.data.queries import auth
from billify.data.queries import personal_data as queries
from billify.domain import keeping
from billify.domain.refusal import N_, NotFound, Refusal
from billify.domain.roles import Actor, Role
from billify.integrations.storage import NotStored, StorageDown

log = structlog.get_logger()
PATH = "/account/privacy"
AGAIN = timedelta(minutes=5)
"""So soon after the last one nobody needs another."""
_WHY = "one clock makes the files of everybody"
Data = dict[str, Any]  # Any: JSON
Render = Callable[[Data], str]


def ask(*, user_id: UUID) -> None:
    """Ask for the file; one that is being made or was just made is enough. Runs in the person's
    own scope."""
    now = datetime.now(UTC)
    with transaction() as session:
        queries.lock_person(user_id)
        recent = [
            one
            for one in queries.files(user_id)
            if one.gone_at is None and (one.made_at is None or now - one.made_at < AGAIN)
        ]
        if not recent:
            session.add(PersonExport(user_id=user_id))


def make_due(*, render: Render) -> int:
    """Make the files that were asked for; says how many. `render` makes the readable page."""
    made = 0
    while (claimed := _claim()) is not None:
        content = _zip(collect(user_id=claimed.user_id), render)
        sha256 = hashlib.sha256(content).hexdigest()
        try:
            ports.storage().put(_key(claimed.user_id, sha256), content, "application/zip")
        except StorageDown as error:
            log.error("storage.down", reason=str(error))
            break
        if _note_made(claimed, sha256, len(content)):
            made += 1
        else:
            _drop(claimed.user_id, sha256)
    return made


def fetch(*, export_id: UUID, user_id: UUID) -> bytes:
    """The bytes of a person's own file. Refuses another's, and one whose time is over."""
    row = queries.file(export_id, user_id)
    now = datetime.now(UTC)
    if row is None or row.sha256 is None or row.expires_at is None:
        raise NotFound
    if row.gone_at is not None or row.expires_at <= now:
        raise NotFound
    try:
        return ports.storage().get(_key(user_id, row.sha256))
    except NotStored:
        raise NotFound from None
    except StorageDown as error:
        raise Refusal(N_("The file store is away for a moment. Try again soon.")) from error


def remove_expired(*, now: datetime) -> int:
    """Remove files whose time is over, bytes first; says how many."""
    with tenancy.unscoped(_WHY):
        rows = queries.expired(now, keeping.EXPORT_ATTEMPTS)
        for row in rows:
            remove(row=row, now=now)
    return len(rows)


def remove(*, row: PersonExport, now: datetime) -> None:
    """Remove the bytes of one file, and note that it is gone."""
    if row.sha256 is not None and not _delete(row.user_id, row.sha256):
        return
    with transaction():
        row.gone_at = now


def collect(*, user_id: UUID) -> Data:
    """All that is kept about a person, in the companies they belong to and beside them."""
    with tenancy.user_scope(user_id):
        found: Data = {"account": queries.account(user_id), **queries.of_person(user_id)}
        places = auth.places(user_id)
        found["companies"] = [
            {
                "name": place.company.name,
                "role": place.role,
                "approval_limit": place.approval_limit,
                "since": place.created_at,
            }
            for place in places
        ]
        for place, told in zip(places, found["companies"], strict=True):
            with tenancy.company_scope(place.company_id, user_id):
                told.update(queries.in_company(user_id))
    plain: Data = json.loads(json.dumps(found, default=_plain))
    return plain


def _claim() -> PersonExport | None:
    now = datetime.now(UTC)
    with tenancy.unscoped(_WHY), transaction():
        return queries.claim(now, keeping.EXPORT_LEASE, keeping.EXPORT_ATTEMPTS)


def _note_made(claimed: PersonExport, sha256: str, size: int) -> bool:
    now = datetime.now(UTC)
    until = now + keeping.EXPORT_FOR
    with transaction():
        with tenancy.unscoped(_WHY):
            is_ours = queries.settle(
                claimed.id,
                claimed.lease_until,
                made_at=now,
                sha256=sha256,
                size=size,
                expires_at=until,
            )
        if is_ours:
            with tenancy.user_scope(claimed.user_id):
                places = auth.places(claimed.user_id)
            _note_exported(claimed, places)
            _tell(claimed, places, until)
    return is_ours


def _drop(user_id: UUID, sha256: str) -> None:
    """Don't keep what was made for somebody who has left meanwhile, or by another process too,
    unless a file that can be fetched has these very bytes."""
    with tenancy.unscoped(_WHY):
        is_kept = queries.is_kept(user_id, sha256)
    if not is_kept:
        _delete(user_id, sha256)


def _delete(user_id: UUID, sha256: str) -> bool:
    try:
        ports.storage().delete(_key(user_id, sha256))
    except StorageDown as error:
        log.warning("storage.down", reason=str(error))
        return False
    return True


def _note_exported(claimed: PersonExport, places: Sequence[Membership]) -> None:
    """Each company reads in its log that what it keeps of the person was taken out."""
    user = queries.lock_person(claimed.user_id)
    if user is None:
        raise NotFound
    for place in places:
        with tenancy.company_scope(place.company_id):
            by = Actor(user.id, user.name, user.email, place.company_id, Role(place.role))
            audit.record("person.exported", place, by=by)


def _tell(claimed: PersonExport, places: Sequence[Membership], until: datetime) -> None:
    """By the first company the person belongs to; who belongs to none sees it on the page."""
    if places:
        with tenancy.company_scope(places[0].company_id):
            news.export_ready(
                key=str(claimed.id),
                facts={"until": until.isoformat()},
                path=PATH,
                user_id=claimed.user_id,
            )


def _zip(data: Mapping[str, Any], render: Render) -> bytes:  # Any: JSON
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=1))
        archive.writestr("data.html", render(dict(data)))
    return packed.getvalue()


def _key(user_id: UUID, sha256: str) -> str:
    return f"{user_id}/{sha256}"


def _plain(value: object) -> object:
    """What JSON has no word for."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, UUID | Decimal):
        return str(value)
    raise TypeError(type(value).__name__)
