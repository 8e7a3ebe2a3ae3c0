"""How a demo company is described: whom it sells to, buys from, pays and owes."""

from dataclasses import dataclass
from datetime import date

from billify.domain.vat import VatCategory

S = VatCategory.STANDARD


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer and its own way of paying.

    `turnover` is the usual net amount of an invoice in whole euros, `per_month` how many it
    gets, `late` and `spread` its usual delay in days, `weekday` the only day it pays on,
    `references` how many in a hundred of its payments carry the structured reference, `slower`
    how many days later than that it pays of late.
    """

    name: str
    language: str
    street: str
    postcode: str
    city: str
    turnover: int
    per_month: int = 1
    terms: str = "days:30"
    late: int = 2
    spread: int = 4
    weekday: int | None = None
    references: int = 80
    country: str = "BE"
    slower: int = 0


@dataclass(frozen=True, slots=True)
class Supplier:
    """A supplier: what it delivers, how often, and how it is paid.

    `day` is the day of the month its invoices carry, 0 when they come as goods are needed;
    `is_debited`: it takes the money itself; `reference`: structured, free or rf.
    """

    name: str
    language: str
    street: str
    postcode: str
    city: str
    goods: str
    per_year: int
    number: str
    day: int = 0
    terms: str = "days:30"
    is_debited: bool = False
    reference: str = "structured"
    country: str = "BE"


@dataclass(frozen=True, slots=True)
class Good:
    """Something bought: its price range in cents and how much of it a delivery holds."""

    text: str
    unit: str
    low: int
    high: int
    least: int
    most: int
    rate: int
    category: VatCategory = S


@dataclass(frozen=True, slots=True)
class Product:
    """Something sold, named in the customer's language; price in cents."""

    nl: str
    fr: str
    de: str
    price: int
    share: int
    rate: int = 6

    def name(self, language: str) -> str:
        """The name a customer reads."""
        return {"nl": self.nl, "fr": self.fr, "de": self.de}[language]


@dataclass(frozen=True, slots=True)
class Payroll:
    """What staff costs in a usual month, in whole euros."""

    clerks: int
    workers: int
    withholding: int
    contributions: int
    """Social security of a whole quarter."""


@dataclass(frozen=True, slots=True)
class Words:
    """What the company's bank and plan call things, in the company's language."""

    wages_clerks: str
    wages_workers: str
    bonus: str
    withholding: str
    social_advance: str
    social_balance: str
    vat: str
    vat_refund: str
    loan: str
    fees: str
    to_savings: str
    interest: str
    dividend: str
    shop: str
    shop_cards: str
    shop_cash: str
    expected_shop: str
    expected_sales: str
    expected_purchases: str
    investment: str
    support: str
    tax_office: str
    social_office: str
    bank: str
    staff: str
    owner: str
    card: str
    card_places: tuple[str, ...]
    credit: str
    discount_for: str


@dataclass(frozen=True, slots=True)
class Profile:
    """One demo company before its year is played."""

    name: str
    slug: str
    language: str
    enterprise_number: str
    street: str
    postcode: str
    city: str
    email: str
    customers: tuple[Customer, ...]
    suppliers: tuple[Supplier, ...]
    goods: dict[str, tuple[Good, ...]]
    products: tuple[Product, ...]
    payroll: Payroll
    words: Words
    season: tuple[int, ...]
    """Sales of each month, January first, as per cent of a usual one."""
    shop_week: int
    """What the shop takes in a usual week, VAT included, in whole euros."""
    loan: int
    """Monthly instalment in cents."""
    savings: int
    floor: int
    """How low the forecast should dip, in whole euros."""
    investment: int
    """What a planned purchase costs, in whole euros."""
    support: int
    """What a region's support for it brings."""


@dataclass(frozen=True, slots=True)
class Year:
    """The days a demo company lives through."""

    start: date
    today: date
