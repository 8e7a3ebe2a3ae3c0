"""Column types and keys shared by all models."""

import os
import time
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Enum, Numeric, String, Text
from sqlalchemy.orm import mapped_column


def uuid7() -> UUID:
    """A time-ordered key (RFC 9562, version 7), so that new rows lie side by side in an index."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (2**48 - 1)) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


Amount = Annotated[Decimal, mapped_column(Numeric(14, 2))]
Quantity = Annotated[Decimal, mapped_column(Numeric(18, 6))]
Percent = Annotated[Decimal, mapped_column(Numeric(5, 2))]
Currency = Annotated[str, mapped_column(String(3))]
Moment = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Words = Annotated[str, mapped_column(Text)]
Count = Annotated[int, mapped_column(BigInteger)]


def choice(states: type[StrEnum], *, name: str | None = None) -> Enum:
    """A StrEnum as text with a check constraint, so the database refuses an unknown state.

    The constraint is named after the StrEnum; a second column of the same kind in a table needs
    a `name` of its own.
    """
    return Enum(
        states,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=30,
        name=name or _snake(states.__name__),
        values_callable=lambda kind: [member.value for member in kind],
    )


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
