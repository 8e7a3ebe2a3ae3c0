"""Tables of goods that are known by what their amounts add up to."""

from decimal import Decimal

from billify.domain.reading import read
from tests.domain.reading.pages import page


def shown(*rows: tuple[str, str], net: str = "2.061,17") -> list[tuple[str, Decimal]]:
    lines = [
        (250.0 + 16 * at, [(50.0, text), (530.0 - 5 * len(amount), amount)])
        for at, (text, amount) in enumerate(rows)
    ]
    reading = read(
        [
            page(
                (40, [(50, "Garage Peeters BV")]),
                (80, [(50, "Factuur nr. 2025-4402")]),
                (94, [(50, "Factuurdatum 22/01/2025")]),
                *lines,  # type: ignore[arg-type]
                (400, [(300, "Bedrag excl. btw"), (480, net)]),
                (416, [(300, "BTW 21%"), (480, "432,85")]),
                (432, [(300, "Te betalen"), (480, "2.494,02")]),
            )
        ]
    )
    return [(item.description, item.net_amount) for item in reading.line_items]


ROWS = (
    ("Onderhoud ketel met attest", "1.696,80"),
    ("Mengkraan wastafel chroom", "255,22"),
    ("Werkuren loodgieter", "109,15"),
)


def test_lines_without_a_head_are_found_by_their_sum() -> None:
    assert shown(*ROWS) == [
        ("Onderhoud ketel met attest", Decimal("1696.80")),
        ("Mengkraan wastafel chroom", Decimal("255.22")),
        ("Werkuren loodgieter", Decimal("109.15")),
    ]


def test_amounts_that_add_up_to_nothing_are_no_lines() -> None:
    assert shown(*ROWS[:2]) == []
