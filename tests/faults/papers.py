"""Papers for the readers, made here: each one is different from all before it."""

import io
import itertools

from PIL import Image, ImageDraw, ImageFont

from tests.faults.house import Paper

_numbers = itertools.count(1)
LINES = (
    "Molens van Deinze NV", "Kaaistraat 12, 9800 Deinze", "BTW BE 0403.170.701", "FACTUUR {number}",
    "Factuurdatum 02/10/2026", "Vervaldag 01/11/2026", "Bloem type 55, 25 kg", "Zout, 10 kg",
    "Totaal excl. btw 100,00", "Btw 21 % 21,00", "Te betalen 121,00 EUR",
    "IBAN BE68 5390 0754 7034",
)  # fmt: skip


def scan(pages: int = 1) -> Paper:
    """A scanned PDF without a text layer: about a second of work a page."""
    number = f"2026-{next(_numbers):04d}"
    shown = [_page(number, page) for page in range(1, pages + 1)]
    file = io.BytesIO()
    shown[0].save(file, "PDF", resolution=150, save_all=True, append_images=shown[1:])
    return Paper(f"factuur-{number}.pdf", file.getvalue())


def _page(number: str, page: int) -> Image.Image:
    image = Image.new("L", (1240, 1754), 255)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=30)
    for at in range(36):
        words = LINES[at % len(LINES)].format(number=number)
        draw.text((100, 80 + at * 44), f"{words}  blad {page}", fill=0, font=font)
    return image
