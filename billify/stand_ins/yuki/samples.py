"""Books to try the stand-in with: `billify fake yuki`."""

from datetime import datetime, timedelta
from decimal import Decimal

from billify.stand_ins.yuki.world import (
    BRUSSELS,
    PURCHASE_INVOICE,
    SUNDRY,
    Books,
    Document,
    Domain,
    Entry,
    Item,
    World,
)

ACCESS_KEY = "00000000-0000-0000-0000-00000000demo"


def world() -> World:
    """One domain with one administration: some open items of either side, a bank and a sale."""
    today = datetime.now(BRUSSELS).date()
    books = Books("Bakkerij Anna BV", vat_number="BE0403.170.701")
    customers = ("Hôtel de l'Écluse SRL", "Frituur De Hoek & Zn", "Gasthof Münster GmbH")
    for at, customer in enumerate(customers):
        dated = today - timedelta(days=40 - 12 * at)
        books.receivables.append(
            Item(
                customer,
                f"2026-{at + 101:04d}",
                dated,
                dated + timedelta(days=30),
                Decimal("1210.00") - 100 * at,
                description=f"Verkoopfactuur 2026-{at + 101:04d}",
                code=f"K{at + 1:03d}",
            )
        )
    books.receivables.append(
        Item(customers[0], "CN-7", today - timedelta(days=5), None, Decimal("-60.50"))
    )
    bill = Document("Meel september", today - timedelta(days=20), 1, name="meel.pdf")
    books.documents.append(bill)
    books.payables += [
        Item(
            "Molens van Gent NV",
            "V26/889",
            bill.dated,
            bill.dated + timedelta(days=30),
            Decimal("847.00"),
            open=Decimal("347.00"),
            type_id=PURCHASE_INVOICE,
            document_id=bill.id,
        ),
        Item("Diverse", "", today, None, Decimal("12.40"), type_id=SUNDRY),
    ]
    books.accounts |= {"550000": "Zichtrekening", "700000": "Omzet"}
    books.ledger += [
        Entry("550000", today - timedelta(days=3), Decimal("2500.00"), "Ontvangsten"),
        Entry("700000", today - timedelta(days=3), Decimal("-2500.00"), "Verkopen"),
    ]
    made = World()
    made.add(Domain("Bakkerij Anna", [books]), access_key=ACCESS_KEY)
    return made
