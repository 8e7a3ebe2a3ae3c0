"""What was before today, as a forecast learns from it: movements in columns, paid invoices.

A million lines come as one value, packed by the database, since as many rows would take longer to
hand over than to reckon with. That is text of SQL, which the second lock can't look through: the
company stands in each of them, and row-level security is behind it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import text

from billify.data import tenancy
from billify.data.db import db


@dataclass(frozen=True, slots=True)
class Packed:
    """Movements as records of 20 bytes, big-endian: day (4), cents (8), who (4), kind (4).

    A day counts like `date.toordinal`; the last two point into `names` and `kinds`.
    """

    records: bytes
    names: tuple[str, ...]
    kinds: tuple[str, ...]


class PaidRow(NamedTuple):
    """A settled invoice and the day of its last payment."""

    direction: str
    contact: str
    name: str
    issued: date
    due: date
    gross: Decimal
    settled: date


def movements(
    *, before: date, currency: str, but_codes: Iterable[str], but_ibans: Iterable[str]
) -> Packed:
    """Booked lines before a day that settle no invoice and are no transfers of our own.

    Those of some categories or with some accounts are left out. Whoever has no name goes by the
    words of the line without its figures.
    """
    values = {
        "company": tenancy.company_id(),
        "before": before,
        "currency": currency,
        "codes": list(but_codes),
        "ibans": list(but_ibans),
    }
    found = db.session.execute(_MOVEMENTS, values).one()
    return Packed(bytes(found.records or b""), tuple(found.names or ()), ("", *(found.kinds or ())))


def paid(*, since: date, before: date, currency: str) -> list[PaidRow]:
    """Invoices whose last payment lies within these days, oldest first; credit notes stay out.

    One that was marked as paid without a bank line has no day to learn from.
    """
    values = {
        "company": tenancy.company_id(),
        "since": since,
        "before": before,
        "currency": currency,
    }
    return [PaidRow(*row) for row in db.session.execute(_PAID, values)]


_MOVEMENTS = text("""
    WITH kinds AS (
        SELECT id, coalesce(code, id::text) AS name, row_number() OVER (ORDER BY id)::int AS at
        FROM category WHERE company_id = :company
    ), line AS MATERIALIZED (
        SELECT booked_on - DATE '0001-01-01' + 1 AS day,
               (amount * 100)::bigint AS cents,
               coalesce(
                   nullif(btrim(counterparty_name), ''),
                   left(btrim(regexp_replace(remittance_information, '[0-9/.:-]+', '', 'g')), 40)
               ) AS name,
               category_id
        FROM bank_transaction AS moved
        WHERE company_id = :company AND state = 'booked' AND currency = :currency
          AND booked_on < :before
          AND coalesce(counterparty_iban, '') <> ALL (:ibans)
          AND (category_id IS NULL OR category_id NOT IN (
              SELECT id FROM category WHERE company_id = :company AND code = ANY (:codes)))
          AND NOT EXISTS (
              SELECT FROM allocation WHERE company_id = :company AND undone_at IS NULL
              AND transaction_id = moved.id)
          AND NOT EXISTS (
              SELECT FROM own_transfer WHERE company_id = :company AND out_id = moved.id)
          AND NOT EXISTS (
              SELECT FROM own_transfer WHERE company_id = :company AND in_id = moved.id)
          AND NOT EXISTS (
              SELECT FROM bank_account WHERE company_id = :company
              AND iban = moved.counterparty_iban)
    ), named AS MATERIALIZED (
        SELECT lower(name) AS key, min(name) AS name, (row_number() OVER () - 1)::int AS at
        FROM line GROUP BY lower(name)
    )
    SELECT (
        SELECT string_agg(
            int4send(day) || int8send(cents) || int4send(named.at)
            || int4send(coalesce(kinds.at, 0)), NULL)
        FROM line JOIN named ON named.key = lower(line.name)
        LEFT JOIN kinds ON kinds.id = line.category_id
    ) AS records,
    (SELECT array_agg(name ORDER BY at) FROM named) AS names,
    (SELECT array_agg(name ORDER BY at) FROM kinds) AS kinds
""")

_PAID = text("""
    SELECT invoice.direction, invoice.contact_id::text, invoice.party_name, invoice.issue_date,
           invoice.due_date, invoice.gross_amount, last.settled
    FROM (
        SELECT allocation.invoice_id, max(moved.booked_on) AS settled
        FROM allocation JOIN bank_transaction AS moved
            ON moved.id = allocation.transaction_id AND moved.company_id = :company
        WHERE allocation.company_id = :company AND allocation.undone_at IS NULL
          AND NOT allocation.reopens
        GROUP BY allocation.invoice_id
    ) AS last
    JOIN invoice ON invoice.id = last.invoice_id AND invoice.company_id = :company
    WHERE last.settled >= :since AND last.settled < :before
      AND invoice.status = 'paid' AND invoice.kind = 'invoice'
      AND invoice.currency = :currency
    ORDER BY last.settled, invoice.id
""")

_COUNT = text("""
    SELECT count(*) FROM (
        SELECT FROM bank_transaction WHERE company_id = :company LIMIT :most
    ) AS some
""")
