"""The accounting of the demo company: a connection to the stand-in of Yuki, and its books.

They are made from the company's own invoices, so that both say the same but for a handful of
honest differences: see `PLANTS`.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid5

from billify.application import audit
from billify.application.demo import bank
from billify.application.partners import credentials
from billify.application.partners.yuki.connecting import Books
from billify.data.db import transaction
from billify.data.models import Company, Integration
from billify.data.queries import companies
from billify.data.queries import demo_books as queries
from billify.data.queries.demo_books import Booked
from billify.domain import money
from billify.domain.accounting import plan
from billify.domain.accounting.items import PURCHASE_INVOICE, SALES_INVOICE
from billify.domain.banking import AccountKind
from billify.domain.brussels import day_of
from billify.domain.connections import ConnectionState, Partner
from billify.domain.invoices import InvoiceDirection, InvoiceKind
from billify.domain.paper import Paper, PrintedParty
from billify.integrations import typeset

ACCESS_KEY = "5d0c3f77-61b4-4a58-b3f0-8f4b1a7de201"
DOMAIN_ID = "7b0d4f5e-20a1-4b6c-9a6b-3f6f1f1d0a01"
BOOKS_ID = "e2f7a9c4-8d3b-4c55-a0f4-6a0f5f9c7b02"
PLANTS = ("paid", "part_paid", "amount", "not_booked", "settled")
"""What the accountant did otherwise: a payment not booked, one booked on trust, two digits
swapped, a document forgotten, an invoice settled that nobody paid."""
LOOKED_BACK = timedelta(days=30)
UNBOOKED_COSTS = Decimal("27.90")
SWAPPED = Decimal("27.00")
PART = Decimal("150.00")
_IDS = UUID("3a1f6f0e-52b7-4b6e-8a9c-0c5a6d7e8f90")
_SUPPLIER = "Bakkerijgrondstoffen Maes BV"


@dataclass(frozen=True, slots=True)
class Entry:
    """An open item as the stand-in is told it; `message` is how the bank would name it."""

    id: str
    is_sale: bool
    type_id: int
    contact: str
    contact_id: str
    vat_number: str
    reference: str
    dated: date
    due: date | None
    original: Decimal
    open: Decimal
    message: str = ""
    document_id: str = ""
    goes: bool = False
    """It is settled there after a while, though nobody paid it."""


@dataclass(frozen=True, slots=True)
class Archived:
    """A document of the archive, as text that JSON takes."""

    id: str
    subject: str
    dated: date
    name: str
    content: str


@dataclass(frozen=True, slots=True)
class Script:
    """The books as the stand-in plays them. `plants` says which invoice each difference is."""

    access_key: str
    domain_id: str
    books_id: str
    name: str
    vat_number: str
    plants: dict[str, str]
    entries: tuple[Entry, ...]
    documents: tuple[Archived, ...]
    ledger: tuple[tuple[str, str, Decimal], ...]
    """Codes of accounts with their names and what they hold."""
    day: date


def connect() -> None:
    """Connect the demo company to the stand-in, unless it was connected before."""
    with bank.bakery() as is_there:
        if not is_there or queries.has_connection():
            return
        with transaction() as session:
            own = companies.own()
            chosen = Books(DOMAIN_ID, own.name, BOOKS_ID, own.name, own.vat_number or "")
            row = Integration(
                partner=Partner.YUKI,
                state=ConnectionState.ACTIVE,
                name=own.name,
                details=asdict(chosen),
                daily_cap=plan.USUAL_CAP,
                next_run=datetime.now(UTC),
                failures=0,
            )
            session.add(row)
            session.flush()
            credentials.seal(row, secret={"access_key": ACCESS_KEY})
            audit.record("connection.made", row, by=None, after={"partner": row.partner})


def script(*, kept: Mapping[str, str] | None = None) -> Script | None:
    """What the stand-in plays; None when there is no demo company. `kept` are the plants of
    before: they stay the same over restarts, and what was settled stays away."""
    today = day_of(datetime.now(UTC))
    with bank.bakery() as is_there, transaction():
        if not is_there:
            return None
        found = queries.invoices(paid_since=today - LOOKED_BACK)
        plants = dict(kept) if kept else _chosen(found, today)
        own = companies.own()
        entries = [_entry(one, plants, is_first=not kept) for one in found]
        extra, paper = _forgotten_here(own, today)
        return Script(
            ACCESS_KEY,
            DOMAIN_ID,
            BOOKS_ID,
            own.name,
            own.vat_number or "",
            plants,
            tuple(one for one in [*entries, *extra] if one is not None),
            (paper,),
            tuple(_ledger(today - timedelta(days=1))),
            today - timedelta(days=1),
        )


def _chosen(found: Sequence[Booked], today: date) -> dict[str, str]:
    """An invoice for each difference, no invoice twice."""
    purchases = [one for one in found if one.direction is InvoiceDirection.PURCHASE]
    invoices = [one for one in purchases if one.kind is InvoiceKind.INVOICE]
    left = [one for one in invoices if not one.is_paid and one.open == one.gross > PART]
    paid = [
        one
        for one in invoices
        if one.is_paid and one.paid_on is not None and one.paid_on < today - timedelta(days=2)
    ]
    owed = [
        one
        for one in found
        if one.direction is InvoiceDirection.SALE
        and one.kind is InvoiceKind.INVOICE
        and one.open == one.gross > 2 * PART
    ]
    picks = {"paid": paid[-1:], "part_paid": owed[:1]}
    picks |= {
        name: left[at : at + 1] for at, name in enumerate(("amount", "not_booked", "settled"))
    }
    return {name: str(some[0].id) for name, some in picks.items() if some}


def _entry(one: Booked, plants: Mapping[str, str], *, is_first: bool) -> Entry | None:
    key = str(one.id)
    names = {plant for plant, planted in plants.items() if planted == key}
    if "not_booked" in names or ("settled" in names and not is_first):
        return None
    if one.is_paid and "paid" not in names:
        return None
    sign = -1 if one.kind is InvoiceKind.CREDIT_NOTE else 1
    total = one.gross + (SWAPPED if "amount" in names else 0)
    left = total if names & {"paid", "amount"} else one.open
    is_sale = one.direction is InvoiceDirection.SALE
    return Entry(
        id=str(uuid5(_IDS, key)),
        is_sale=is_sale,
        type_id=SALES_INVOICE if is_sale else PURCHASE_INVOICE,
        contact=one.party,
        contact_id=str(uuid5(_IDS, str(one.contact_id))),
        vat_number=one.vat_number,
        reference=one.number,
        dated=one.issued,
        due=one.due,
        original=sign * total,
        open=sign * (left - PART if "part_paid" in names else left),
        message=one.message,
        goes="settled" in names,
    )


def _forgotten_here(own: Company, today: date) -> tuple[list[Entry], Archived]:
    """An invoice that the supplier sent to the accountant alone, and a credit note on it."""
    dated = today - timedelta(days=16)
    paper = Archived(
        str(uuid5(_IDS, "paper")),
        f"{_SUPPLIER} 2026/3317",
        dated,
        "maes-2026-3317.pdf",
        base64.b64encode(typeset.invoice_pdf(_paper(own, dated), on=dated)).decode(),
    )
    invoice = Entry(
        id=str(uuid5(_IDS, "forgotten")),
        is_sale=False,
        type_id=PURCHASE_INVOICE,
        contact=_SUPPLIER,
        contact_id=str(uuid5(_IDS, _SUPPLIER)),
        vat_number="BE0456789133",
        reference="2026/3317",
        dated=dated,
        due=dated + timedelta(days=30),
        original=Decimal("435.60"),
        open=Decimal("435.60"),
        document_id=paper.id,
    )
    credit = Entry(
        id=str(uuid5(_IDS, "credit")),
        is_sale=False,
        type_id=PURCHASE_INVOICE,
        contact=_SUPPLIER,
        contact_id=invoice.contact_id,
        vat_number=invoice.vat_number,
        reference="CN 2026/0214",
        dated=dated + timedelta(days=6),
        due=None,
        original=Decimal("-60.50"),
        open=Decimal("-60.50"),
    )
    return [invoice, credit], paper


def _paper(own: Company, dated: date) -> Paper:
    def euro(text: str) -> str:
        return money.show(Decimal(text))

    return Paper(
        language="nl",
        title="Factuur",
        seller=PrintedParty(_SUPPLIER, ("Industrieweg 12", "9000 Gent", "Btw BE 0456.789.133")),
        buyer_label="Klant",
        buyer=PrintedParty(
            own.name,
            tuple(filter(None, (own.street, f"{own.postcode or ''} {own.city or ''}".strip()))),
        ),
        facts=(
            ("Nummer", "2026/3317"),
            ("Factuurdatum", f"{dated:%d/%m/%Y}"),
            ("Vervaldatum", f"{dated + timedelta(days=30):%d/%m/%Y}"),
        ),
        line_heads=("Omschrijving", "Aantal", "Eenheidsprijs", "Btw", "Bedrag"),
        lines=(("Bakpapier en vormen", "12", euro("30.00"), "21 %", euro("360.00")),),
        vat_heads=("Btw %", "Maatstaf van heffing", "Btw"),
        vat=(("21 %", euro("360.00"), euro("75.60")),),
        totals=(
            ("Totaal excl. btw", euro("360.00")),
            ("Btw", euro("75.60")),
            ("Te betalen", f"{euro('435.60')} EUR"),
        ),
        payment=(("IBAN", "BE68 5390 0754 7034"), ("Mededeling", "2026/3317")),
        mentions=(),
        footer=_SUPPLIER,
        author=_SUPPLIER,
    )


def _ledger(day: date) -> list[tuple[str, str, Decimal]]:
    """What the bank holds, but for the bank's own costs of last month, not yet booked."""
    found = []
    for at, (kind, name, balance) in enumerate(queries.balances(until=day)):
        start = 570_000 if kind is AccountKind.CASH else 550_000
        amount = balance + UNBOOKED_COSTS if at == 0 else balance
        found.append((str(start + 10 * at), name, amount))
    return found
