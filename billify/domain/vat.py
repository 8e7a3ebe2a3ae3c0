"""VAT categories of EN 16931 as Belgium uses them, and the rates each of them allows."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from billify.domain.refusal import N_, Refusal

ZERO_RATE = Decimal(0)


class VatCategory(StrEnum):
    """Codes of UNCL 5305 that EN 16931 (BT-151) admits and Belgian companies meet."""

    STANDARD = "S"
    ZERO = "Z"
    EXEMPT = "E"
    REVERSE_CHARGE = "AE"
    INTRA_COMMUNITY = "K"
    EXPORT = "G"
    OUTSIDE_SCOPE = "O"


@dataclass(frozen=True, slots=True)
class VatRule:
    """What one category allows: its rates, its name on screen, its mention on paper."""

    category: VatCategory
    rates: tuple[Decimal, ...]
    label: str
    mention: str | None = None


_STANDARD = VatRule(VatCategory.STANDARD, (Decimal(21), Decimal(12), Decimal(6)), N_("Belgian VAT"))

#: Belgian rates: royal decree no. 20 of 20 July 1970 (6, 12, 21 %; 0 % for newspapers and
#: recovered materials). Zero carries category Z, since EN 16931 rule BR-S-05 wants S above 0.
#: Mentions: royal decree no. 1 of 29 December 1992, article 5 § 1, 9° to 10°quater, which
#: follow article 226 of directive 2006/112/EC; the long one is article 20 § 2 of the same
#: decree (work on buildings, since 1 January 2023).
RULES: Mapping[VatCategory, VatRule] = MappingProxyType(
    {
        rule.category: rule
        for rule in (
            _STANDARD,
            VatRule(VatCategory.ZERO, (ZERO_RATE,), N_("Zero rate")),
            VatRule(
                VatCategory.EXEMPT,
                (ZERO_RATE,),
                N_("Exempt"),
                N_("Exempt from VAT, article 44 of the Belgian VAT Code"),
            ),
            VatRule(
                VatCategory.REVERSE_CHARGE,
                (ZERO_RATE,),
                N_("Reverse charge"),
                N_(
                    "Reverse charge. Unless the customer objects in writing within one month of "
                    "receiving this invoice, the customer is taken to confirm being liable to VAT "
                    "and filing periodic returns. If that is not so, the customer owes the VAT, "
                    "interest and fines."
                ),
            ),
            VatRule(
                VatCategory.INTRA_COMMUNITY,
                (ZERO_RATE,),
                N_("Within the EU"),
                N_("Exempt intra-Community supply, article 39bis of the Belgian VAT Code"),
            ),
            VatRule(
                VatCategory.EXPORT,
                (ZERO_RATE,),
                N_("Export"),
                N_("Exempt export, article 39 of the Belgian VAT Code"),
            ),
            VatRule(
                VatCategory.OUTSIDE_SCOPE,
                (ZERO_RATE,),
                N_("Outside VAT"),
                N_("Not subject to VAT"),
            ),
        )
    }
)


@dataclass(frozen=True, slots=True)
class VatChoice:
    """One entry of the VAT list in a form: a category at a rate, coded as `S-21.00`."""

    category: VatCategory
    rate: Decimal
    label: str

    @property
    def code(self) -> str:
        """The form value of this choice."""
        return f"{self.category}-{self.rate.normalize():f}"


def check(category: VatCategory, *, rate: Decimal) -> None:
    """Refuse a rate that the category does not know in Belgium (a sale, that is).

    A purchase may carry a foreign rate and isn't asked.
    """
    if rate not in RULES[category].rates:
        raise Refusal(N_("VAT of %(rate)s %% does not fit this kind of VAT."), rate=f"{rate:f}")


def choices() -> tuple[VatChoice, ...]:
    """Every category and rate a line may carry, the usual ones first."""
    return tuple(
        VatChoice(rule.category, rate, rule.label) for rule in RULES.values() for rate in rule.rates
    )


def choice(code: str) -> VatChoice:
    """The choice that a form value stands for."""
    for known in choices():
        if known.code == code:
            return known
    raise Refusal(N_("Choose a VAT rate from the list."))


def mentions(categories: frozenset[VatCategory]) -> tuple[str, ...]:
    """The mentions the law asks for on an invoice with these categories, in a fixed order."""
    rules = (RULES[category] for category in VatCategory if category in categories)
    return tuple(rule.mention for rule in rules if rule.mention)
