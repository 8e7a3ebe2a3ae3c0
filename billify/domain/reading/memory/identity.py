"""Who a paper is from, as far as its own numbers and names tell."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from billify.domain.reading import codes, names
from billify.domain.reading.codes import Code
from billify.domain.reading.layout import folded
from billify.domain.reading.memory.scene import Scene
from billify.domain.reading.reading import OwnCompany


@dataclass(frozen=True, slots=True)
class Identity:
    """Numbers and names printed on a paper, and who it was from."""

    vats: frozenset[str] = frozenset()
    """Every valid VAT number printed, but ours."""
    doubtful: frozenset[str] = frozenset()
    """VAT numbers printed whose check digits are wrong: misread, or not of this world."""
    ibans: frozenset[str] = frozenset()
    """Every valid account printed, but ours."""
    domains: frozenset[str] = frozenset()
    """Names in web and e-mail addresses."""
    names: frozenset[str] = frozenset()
    """The supplier's name, folded, when it is printed in letters."""
    vat: str | None = None
    """The supplier's VAT number, printed or not."""
    iban: str | None = None
    """The supplier's account, printed or not."""

    def to_json(self) -> dict[str, object]:
        """A dict that `from_json` turns back."""
        return {
            "vats": sorted(self.vats),
            "doubtful": sorted(self.doubtful),
            "ibans": sorted(self.ibans),
            "domains": sorted(self.domains),
            "names": sorted(self.names),
            "vat": self.vat,
            "iban": self.iban,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, object]) -> "Identity":
        """The identity that `to_json` wrote."""

        def texts(name: str) -> frozenset[str]:
            found = kept.get(name)
            return frozenset(map(str, found)) if isinstance(found, list) else frozenset()

        def text(name: str) -> str | None:
            found = kept.get(name)
            return found if isinstance(found, str) else None

        return cls(
            texts("vats"),
            texts("doubtful"),
            texts("ibans"),
            texts("domains"),
            texts("names"),
            text("vat"),
            text("iban"),
        )


def printed(seen: Scene, us: OwnCompany | None) -> Identity:
    """What a paper prints of anybody but us."""
    return of_codes(seen.facts.codes, (cell.text for cell in seen.cells()), us)


def of_codes(found: Sequence[Code], texts: Iterable[str], us: OwnCompany | None) -> Identity:
    """The same from numbers and texts alone."""
    our_vat = codes.bare(us.vat_number) if us is not None and us.vat_number else ""
    our_ibans = {codes.bare(iban) for iban in us.ibans} if us is not None else set()
    of_kind: dict[tuple[str, bool], set[str]] = {}
    for one in found:
        of_kind.setdefault((one.kind, one.is_valid), set()).add(codes.bare(one.value))
    return Identity(
        vats=frozenset(of_kind.get(("vat", True), ())) - {our_vat},
        doubtful=frozenset(of_kind.get(("vat", False), ())),
        ibans=frozenset(of_kind.get(("iban", True), ())) - our_ibans,
        domains=frozenset(domain for text in texts for domain in names.domains(text)),
    )


def has_name(seen: Scene, name: str) -> bool:
    """The folded name stands somewhere as whole words, or much like it where OCR may err."""
    wanted = f" {folded(name)} "
    if len(wanted) < 5:
        return False
    if any(wanted in f" {folded(line.text)} " for line in seen.facts.lines):
        return True
    long = [token for token in wanted.split() if len(token) > 4]
    return seen.is_noisy and len(long) > 1 and all(seen.found(token) for token in long)
