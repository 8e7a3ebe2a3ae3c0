"""How often a partner was asked on a day for one customer of theirs, whoever's company it is.

Counted on a connection of its own and committed before each call: a call that was made stays
counted, whatever becomes of the work around it.
"""

import hashlib
from datetime import date, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from billify.data.db import db
from billify.data.models import PartnerCall
from billify.domain.connections import Partner

KEPT = timedelta(days=90)


def place_of(key: str) -> bytes:
    """The partner's key of its customer, as a hash: the count belongs to no company."""
    return hashlib.sha256(key.encode()).digest()


def spend(*, partner: Partner, place: bytes, day: date, most: int) -> bool:
    """Count one more call, unless that would be more than `most` on the day."""
    if most < 1:
        return False
    counted = insert(PartnerCall).values(partner=partner, place=place, day=day, calls=1)
    counted = counted.on_conflict_do_update(
        index_elements=["partner", "place", "day"],
        set_={"calls": PartnerCall.calls + 1},
        where=PartnerCall.calls < most,
    )
    with db.engine.begin() as connection:
        calls = connection.execute(counted.returning(PartnerCall.calls)).scalar()
        if calls == 1:
            connection.execute(
                delete(PartnerCall).where(
                    PartnerCall.partner == partner,
                    PartnerCall.place == place,
                    PartnerCall.day < day - KEPT,
                )
            )
    return calls is not None


def spent(*, partner: Partner, place: bytes, day: date) -> int:
    """How many calls were counted on a day."""
    with db.engine.connect() as connection:
        found: int | None = connection.execute(
            select(PartnerCall.calls).where(
                PartnerCall.partner == partner, PartnerCall.place == place, PartnerCall.day == day
            )
        ).scalar()
    return found or 0
