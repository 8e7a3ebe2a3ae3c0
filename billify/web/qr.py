"""QR codes as pictures that stand in the page itself."""

from markupsafe import Markup, escape


def svg(text: str, *, label: str) -> Markup:
    """The QR code of a text (ISO 18004, level M) as inline SVG without styles or scripts."""
    import segno

    made = segno.make(text, error="m", micro=False)
    width, height = made.symbol_size(border=4)
    rows = enumerate(made.matrix_iter(border=4))
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in rows for x, is_dark in enumerate(row) if is_dark
    )
    return Markup(
        '<svg class="qr" viewBox="0 0 {width} {height}" role="img" aria-label="{label}">'
        '<path d="{path}"/></svg>'
    ).format(width=width, height=height, label=escape(label), path=path)
