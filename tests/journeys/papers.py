"""Documents to hand in: invoices printed here, so that every value on them is known."""

import io
from dataclasses import dataclass, field
from datetime import date, timedelta

import pypdfium2

from billify.domain.paper import Paper, PrintedParty
from billify.integrations import typeset

TODAY = date.today()


@dataclass(frozen=True)
class Letter:
    """A supplier's invoice of one line at 21 %; one without a number leaves a doubt."""

    supplier: str = "Molens van Deinze NV"
    vat: str = "BE 0403.170.701"
    number: str = "2026-0815"
    net: str = "1.000,00"
    tax: str = "210,00"
    gross: str = "1.210,00"
    issued: date = field(default_factory=lambda: TODAY - timedelta(days=3))
    due: date = field(default_factory=lambda: TODAY + timedelta(days=25))

    def pdf(self) -> bytes:
        """As sent by e-mail: with a text layer."""
        return typeset.invoice_pdf(self._paper(), on=self.issued)

    def scan(self) -> bytes:
        """As it comes out of a scanner: only a picture."""
        document = pypdfium2.PdfDocument(self.pdf())
        picture = document[0].render(scale=200 / 72).to_pil().convert("L")
        document.close()
        taken = io.BytesIO()
        picture.save(taken, "PNG")
        return taken.getvalue()

    def _paper(self) -> Paper:
        return Paper(
            language="nl",
            title="Factuur",
            seller=PrintedParty(self.supplier, ("Kaaistraat 12", "9800 Deinze", f"BTW {self.vat}")),
            buyer_label="Klant",
            buyer=PrintedParty("Bakkerij Anna", ("Coupure Rechts 779", "9000 Gent")),
            facts=(
                *((("Factuurnummer", self.number),) if self.number else ()),
                ("Factuurdatum", f"{self.issued:%d/%m/%Y}"),
                ("Vervaldag", f"{self.due:%d/%m/%Y}"),
            ),
            line_heads=("Omschrijving", "Aantal", "Prijs", "Btw", "Bedrag"),
            lines=(("Tarwebloem", "1", self.net, "21 %", self.net),),
            vat_heads=("Btw %", "Maatstaf", "Btw"),
            vat=(("21 %", self.net, self.tax),),
            totals=(("Netto", self.net), ("Btw", self.tax), ("Te betalen", f"{self.gross} EUR")),
            payment=(("IBAN", "BE71 0961 2345 6769"),),
            mentions=(),
            footer=f"{self.supplier} · {self.vat}",
            author=self.supplier,
        )
