"""What a browser says of itself, in two words."""

# The first that a browser says of itself; most also claim to be others, so the order matters.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def name(agent: str | None) -> str:
    """Browser and system of a User-Agent, `Firefox, Windows`; empty when neither is known."""
    told = agent or ""
    return ", ".join(filter(None, (_first(_BROWSERS, told), _first(_SYSTEMS, told))))


def _first(known: tuple[tuple[str, str], ...], told: str) -> str | None:
    return next((name for mark, name in known if mark in told), None)
