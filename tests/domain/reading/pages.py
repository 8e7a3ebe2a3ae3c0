"""Pages made of words at places, as an adapter would hand them over."""

from billify.domain.reading import Page, Word

WIDTH, HEIGHT = 595.0, 842.0

Line = tuple[float, list[tuple[float, str]]]
"""Points from the top, then (points from the left, text) for each cell."""


def page(*lines: Line, number: int = 1, size: float = 10.0, confidence: float = 1.0) -> Page:
    """A page of A4; each text is set in words of a typewriter's width."""
    words = [
        word
        for y, cells in lines
        for x, text in cells
        for word in _words(x, y, text, size, confidence)
    ]
    return Page(number, WIDTH, HEIGHT, tuple(words))


def _words(x: float, y: float, text: str, size: float, confidence: float) -> list[Word]:
    words = []
    for part in text.split():
        wide = len(part) * size * 0.5
        words.append(
            Word(
                part,
                x / WIDTH,
                y / HEIGHT,
                (x + wide) / WIDTH,
                (y + size) / HEIGHT,
                confidence,
                size,
            )
        )
        x += wide + size * 0.3
    return words


def dutch_invoice(**changes: str) -> Page:
    """A plain Belgian invoice in Dutch; a keyword replaces a printed text."""
    said = {
        "net": "100,00",
        "vat": "21,00",
        "gross": "121,00",
        "title": "Factuur",
        "supplier": "Drukkerij Peeters BV",
        "supplier_vat": "BE 0100.032.536",
        "reference": "+++090/9337/55493+++",
        "due": "31/03/2026",
    } | changes
    return page(
        (40, [(50, said["supplier"]), (400, said["title"])]),
        (54, [(50, "Nijverheidslaan 12")]),
        (68, [(50, "9000 Gent")]),
        (82, [(50, f"BTW {said['supplier_vat']}")]),
        (130, [(330, "Bakkerij Anna BV")]),
        (144, [(330, "Kerkstraat 5")]),
        (158, [(330, "2000 Antwerpen")]),
        (172, [(330, "BTW BE 0100.021.846")]),
        (220, [(50, "Factuurnummer:"), (150, "2026/0042")]),
        (234, [(50, "Factuurdatum:"), (150, "01/03/2026")]),
        (248, [(50, "Vervaldatum:"), (150, said["due"])]),
        (300, [(50, "Omschrijving"), (300, "Aantal"), (380, "Prijs"), (500, "Bedrag")]),
        (320, [(50, "Folders A5"), (320, "200"), (385, "0,30"), (500, "60,00")]),
        (340, [(50, "Visitekaartjes"), (320, "100"), (385, "0,40"), (500, "40,00")]),
        (420, [(380, "Totaal excl. BTW"), (500, said["net"])]),
        (436, [(380, "BTW 21%"), (500, said["vat"])]),
        (452, [(380, "Te betalen"), (500, f"€ {said['gross']}")]),
        (520, [(50, "IBAN BE71 0961 2345 6769"), (250, "BIC GKCCBEBB")]),
        (536, [(50, f"Mededeling {said['reference']}")]),
    )
