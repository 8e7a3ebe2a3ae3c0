"""Made companies with a past and thirteen weeks of truth after it, to try the forecast on.

They live by rules of their own: customers with habits, suppliers, wages, rent, loans, taxes and
surprises, drawn from a seed. Nothing of the forecaster is used in here, so that it can't be made to
fit; `benchmarks/forecast.py` hands over what was known on the day.
"""

import calendar
import math
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

DAY = timedelta(days=1)
AHEAD = 91
CLOSED = {(1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25), (12, 26)}


@dataclass(slots=True)
class MadeInvoice:
    """An invoice in whole cents; `paid` is None for one that is never paid."""

    id: str
    is_sale: bool
    contact: str
    issued: date
    due: date
    gross: int
    vat: int
    paid: date | None


@dataclass(slots=True)
class MadeMove:
    """A bank line that settles no invoice; money out is below zero."""

    day: date
    cents: int
    name: str
    category: str
    tax: str = ""


@dataclass
class MadeCompany:
    """A company's whole life in rows; `today` parts the past from the truth."""

    name: str
    today: date
    start: date
    vat_every: int
    """Months in a VAT period."""
    opening: int = 0
    invoices: list[MadeInvoice] = field(default_factory=list)
    moves: list[MadeMove] = field(default_factory=list)

    def flows(self) -> dict[date, int]:
        """The net movement of every day, past and coming."""
        total: defaultdict[date, int] = defaultdict(int)
        for one in self.invoices:
            if one.paid is not None:
                total[one.paid] += one.gross if one.is_sale else -one.gross
        for move in self.moves:
            total[move.day] += move.cents
        return total

    def balance(self) -> int:
        """What the bank holds at the start of today."""
        return self.opening + sum(c for day, c in self.flows().items() if day < self.today)

    def truth(self) -> list[int]:
        """The balance at the end of each of the days ahead."""
        flows, left, found = self.flows(), self.balance(), []
        for at in range(AHEAD):
            left += flows.get(self.today + at * DAY, 0)
            found.append(left)
        return found


@dataclass
class Habit:
    """How a party pays: days after the due date, on which weekday, how often it forgets."""

    late: float
    spread: float
    weekday: int | None = None
    forgets: float = 0.02


class Life:
    """Writes a company's days; every kind of company is told with these few verbs."""

    def __init__(self, name: str, seed: int, today: date, months: int, vat_every: int = 3) -> None:
        self.dice = random.Random(f"{name} {seed}")
        start = _month(today, -months)
        self.made = MadeCompany(f"{name} {seed}", today, start, vat_every)
        self.end = today + AHEAD * DAY
        self.count = 0
        self.season: Callable[[date], float] = lambda _: 1.0

    def months(self) -> Iterator[date]:
        """The first days of all months of its life."""
        month = self.made.start
        while month <= self.end:
            yield month
            month = _month(month, 1)

    def invoice(
        self,
        party: str,
        issued: date,
        net: float,
        habit: Habit,
        *,
        sale: bool,
        terms: int = 30,
        rate: float = 0.21,
    ) -> None:
        """An invoice and the day it is paid on."""
        if not self.made.start <= issued <= self.end or net < 1:
            return
        self.count += 1
        vat = round(net * rate * 100)
        due = issued + terms * DAY
        late = self.dice.gauss(habit.late, habit.spread)
        if self.dice.random() < habit.forgets:
            late += self.dice.uniform(15, 60)
        paid = max(due + round(late) * DAY, issued + DAY)
        if habit.weekday is not None:
            paid += (habit.weekday - paid.weekday()) % 7 * DAY
        paid = working(paid)
        self.made.invoices.append(
            MadeInvoice(
                f"{'S' if sale else 'P'}{self.count}",
                sale,
                party,
                issued,
                due,
                round(net * 100) + vat,
                vat,
                paid,
            )
        )

    def pay(self, day: date, amount: float, name: str, category: str = "", tax: str = "") -> None:
        """A bank line without an invoice; amounts below zero go out."""
        if self.made.start <= day <= self.end and amount:
            self.made.moves.append(MadeMove(day, round(amount * 100), name, category, tax))

    def monthly(
        self,
        amount: float,
        name: str,
        day: int,
        category: str,
        spread: float = 0.0,
        rise: float = 0.0,
    ) -> None:
        """The same each month, on the working day after the wanted one; 31 is the last one."""
        for at, month in enumerate(self.months()):
            size = amount * (1 + rise) ** (at // 12) * (1 + self.dice.uniform(-spread, spread))
            on = _last_working(month) if day == 31 else working(_in(month, day))
            self.pay(on, size, name, category)

    def payroll(self, net: float, name: str = "Staff") -> None:
        """Wages at the month's end, withholding on the 15th, social security with advances."""
        contributions = net * 3 * 0.62
        for month in self.months():
            size = net * (1 + self.dice.uniform(-0.02, 0.02))
            self.pay(_last_working(month), -size, name, "wages")
            extra = 1.0
            if month.month == 12:
                self.pay(working(_in(month, 18), back=True), -net * 0.85, name, "wages")
                extra = 1.6
            if month.month == 5:
                self.pay(working(_in(month, 28), back=True), -net * 0.8, name, "wages")
                extra = 1.5
            after = _month(month, 1)
            self.pay(
                working(_in(after, 15), back=True),
                -net * 0.27 * extra,
                "Tax office",
                "withholding",
                "withholding",
            )
            place = (month.month - 1) % 3
            share = ((0.30, 0.30, 0.25), (0.30, 0.35, 0.15))[month.month > 9][place]
            self.pay(
                working(_in(after, 5), back=True),
                -contributions * share,
                "RSZ",
                "social",
                "social_security",
            )
            if place == 2:
                rest = 0.15 if month.month < 10 else 0.20
                self.pay(
                    _last_working(after), -contributions * rest, "RSZ", "social", "social_security"
                )

    def vat(self, takings_rate: float = 0.0) -> None:
        """VAT of each period on its day; takings without invoice bear VAT too."""
        every = self.made.vat_every
        owed: defaultdict[date, int] = defaultdict(int)
        for one in self.made.invoices:
            owed[_period(one.issued, every)] += one.vat if one.is_sale else -one.vat
        for move in self.made.moves:
            if move.category == "cards":
                owed[_period(move.day, every)] += round(
                    move.cents * takings_rate / (1 + takings_rate)
                )
        credit = 0
        for start in sorted(owed):
            due_month = _month(start, every)
            left = owed[start] - credit
            credit = max(-left, 0)
            if left > 0:
                day = working(_in(due_month, 25 if every == 3 else 20), back=every == 3)
                self.pay(day, -left / 100, "VAT office", "vat", "vat")

    def surprises(self, size: float, per_year: float) -> None:
        """What nobody sees coming: repairs, fines, a refund."""
        day = self.made.start
        while day <= self.end:
            if self.dice.random() < per_year / 365:
                amount = size * self.dice.uniform(0.4, 1.6)
                sign = 1 if self.dice.random() < 0.2 else -1
                self.pay(working(day), sign * amount, f"Party {self.dice.randint(1, 400)}")
            day += DAY

    def small_cards(self, amount: float, per_month: int) -> None:
        """Payments by card at shops around."""
        for month in self.months():
            for _ in range(per_month):
                day = working(_in(month, self.dice.randint(1, 28)))
                place = f"Shop {self.dice.randint(1, 25)}"
                self.pay(day, -amount * self.dice.uniform(0.2, 2.0), place, "office")

    def takings(self, a_day: float, week: tuple[float, ...], fee: float = 0.01) -> None:
        """Card takings, paid out on the next working day."""
        day = self.made.start
        waiting = 0.0
        while day <= self.end:
            share = week[day.weekday()]
            waiting += a_day * share * self.season(day) * max(0.2, self.dice.gauss(1, 0.18))
            day += DAY
            if is_working(day) and waiting:
                self.pay(day, waiting * (1 - fee), "Card terminal", "cards")
                waiting = 0.0

    def done(self, months_of_cost: float) -> MadeCompany:
        """The company, with what it needs at the start to hold so many months of cost today."""
        made = self.made
        made.invoices = [one for one in made.invoices if one.issued <= self.end]
        past = {day: cents for day, cents in made.flows().items() if day < made.today}
        out = sum(-one.cents for one in made.moves if one.cents < 0 and one.day < made.today)
        out += sum(
            one.gross
            for one in made.invoices
            if not one.is_sale and one.paid and one.paid < made.today
        )
        length = max(1, (made.today - made.start).days) / 30.4
        made.opening = round(out / length * months_of_cost) - sum(past.values())
        return made


def working(day: date, *, back: bool = False) -> date:
    """The day itself when banks work, else the next one, or the one before."""
    while not is_working(day):
        day += -DAY if back else DAY
    return day


def is_working(day: date) -> bool:
    """No weekend and none of the fixed holidays."""
    return day.weekday() < 5 and (day.month, day.day) not in CLOSED


def habits(dice: random.Random, count: int, late: float) -> list[Habit]:
    """As many payers: most a little late, some early, some slow, some on one day of the week."""
    found = []
    for _ in range(count):
        mood = dice.random()
        usual = dice.gauss(late, 4)
        if mood < 0.15:
            usual = dice.uniform(-8, -1)
        elif mood > 0.85:
            usual = dice.uniform(15, 35)
        weekday = dice.choice([None, None, None, 3, 4])
        found.append(Habit(usual, dice.uniform(1.5, 7), weekday, dice.choice([0.0, 0.02, 0.05])))
    return found


# The kinds of companies -----------------------------------------------------------------------


def plain(seed: int, today: date) -> MadeCompany:
    """Invoices of steady customers and suppliers, payroll, rent, a loan and VAT: no surprises."""
    life = Life("plain", seed, today, 18)
    dice = life.dice
    count = dice.randint(20, 40)
    for at in range(count):
        habit = Habit(dice.gauss(5, 6), dice.uniform(1, 4), dice.choice([None, None, 4]), 0.0)
        size, terms = dice.lognormvariate(7.4, 0.5), dice.choice([30, 30, 60])
        day = dice.choice([1, 5, 10, 15, 20, 25, 31])
        for month in life.months():
            net = size * (1 + dice.uniform(-0.1, 0.1))
            life.invoice(f"Customer {at}", _in(month, day), net, habit, sale=True, terms=terms)
    turnover = _turnover(life)
    weights = [dice.lognormvariate(0, 0.6) for _ in range(10)]
    for at, weight in enumerate(weights):
        day, habit = dice.randint(1, 28), Habit(0, 1.0, forgets=0.0)
        for month in life.months():
            net = turnover * 0.35 * weight / sum(weights) * (1 + dice.uniform(-0.1, 0.1))
            life.invoice(f"Supplier {at}", _in(month, day), net, habit, sale=False)
    life.payroll(turnover * 0.28)
    life.monthly(-turnover * 0.05, "Landlord", 1, "rent", rise=0.02)
    life.monthly(-turnover * 0.02, "Leasing", 10, "vehicles")
    life.monthly(-turnover * 0.02, "Bank loan", 5, "loans")
    life.vat()
    return life.done(dice.uniform(0.6, 1.6))


def service(seed: int, today: date) -> MadeCompany:
    """Sends monthly invoices to some thirty customers, pays people and rent."""
    life = Life("service", seed, today, 18)
    dice = life.dice
    count = dice.randint(18, 36)
    payers = habits(dice, count, 6)
    for at, habit in enumerate(payers):
        size, wobble = dice.lognormvariate(7.6, 0.7), dice.uniform(0.02, 0.4)
        terms = dice.choice([14, 30, 30, 30, 60])
        for month in life.months():
            if dice.random() < 0.93:
                day = _in(_month(month, 1), 1) - dice.randint(0, 2) * DAY
                net = size * (1 + dice.uniform(-wobble, wobble))
                life.invoice(f"Customer {at}", day, net, habit, sale=True, terms=terms)
    turnover = _turnover(life)
    _suppliers(life, turnover * 0.22, dice.randint(8, 16))
    life.payroll(turnover * 0.27)
    life.monthly(-turnover * 0.05, "Landlord", 1, "rent", rise=0.03)
    life.monthly(-turnover * 0.02, "Leasing", 10, "vehicles")
    life.monthly(-turnover * 0.015, "Bank loan", 5, "loans")
    life.monthly(-turnover * 0.08, "Owner", 25, "owner", spread=0.3)
    life.small_cards(turnover * 0.002, 8)
    life.surprises(turnover * 0.06, 4)
    life.vat()
    return life.done(dice.uniform(0.6, 1.6))


def shop(seed: int, today: date) -> MadeCompany:
    """Sells by card, buys stock on invoice; December is strong."""
    life = Life("shop", seed, today, 24)
    dice = life.dice
    life.season = lambda day: 1.6 if day.month == 12 else 0.85 if day.month in (2, 8) else 1.0
    a_day = dice.uniform(700, 2500)
    life.takings(a_day, (0.0, 0.8, 0.9, 1.0, 1.2, 2.0, 0.4))
    turnover = a_day * 0.9 * 30.4 / 1.21
    _suppliers(life, turnover * 0.58, dice.randint(10, 20), seasonal=True)
    life.payroll(turnover * 0.12)
    life.monthly(-turnover * 0.07, "Landlord", 3, "rent", rise=0.02)
    life.monthly(-turnover * 0.01, "Energy", 12, "energy", spread=0.1)
    life.monthly(-turnover * 0.04, "Owner", 28, "owner", spread=0.1)
    life.small_cards(turnover * 0.002, 5)
    life.surprises(turnover * 0.06, 3)
    life.vat(takings_rate=0.21)
    return life.done(dice.uniform(0.4, 1.2))


def builder(seed: int, today: date) -> MadeCompany:
    """A few sites at a time, each invoiced monthly as it goes on; subcontractors and materials."""
    life = Life("builder", seed, today, 24, vat_every=1)
    dice = life.dice
    payers = habits(dice, 12, 10)
    size, sites = dice.uniform(9000, 25000), dice.choice([3, 4, 5])
    for _ in range(sites):
        month = _month(life.made.start, -dice.randint(0, 5))
        while month <= life.end:
            at, length = dice.randrange(len(payers)), dice.randint(4, 9)
            day, share = dice.choice([15, 25, 28, 31]), dice.uniform(0.7, 1.3)
            for _ in range(length):
                net = size * share * dice.uniform(0.8, 1.2)
                name = f"Client {at}"
                life.invoice(name, _in(month, day), net, payers[at], sale=True, rate=0.06)
                month = _month(month, 1)
            if dice.random() < 0.3:
                month = _month(month, 1)
    turnover = _turnover(life)
    for at, habit in enumerate([Habit(0, 1.5), Habit(-2, 2), Habit(3, 3)]):
        for month in life.months():
            net = turnover * 0.16 * dice.uniform(0.8, 1.2)
            life.invoice(f"Subcontractor {at}", _in(month, 27), net, habit, sale=False, rate=0.0)
    _suppliers(life, turnover * 0.16, 8)
    life.payroll(turnover * 0.10)
    life.monthly(-turnover * 0.02, "Landlord", 1, "rent")
    life.monthly(-turnover * 0.03, "Leasing", 15, "vehicles")
    life.monthly(-turnover * 0.05, "Owner", 27, "owner", spread=0.2)
    life.surprises(turnover * 0.05, 4)
    life.vat()
    return life.done(dice.uniform(1.2, 2.2))


def bakery(seed: int, today: date) -> MadeCompany:
    """Takings each day, hotels and shops on invoice, flour by direct debit."""
    life = Life("bakery", seed, today, 15)
    dice = life.dice
    life.season = lambda day: 1.25 if day.month == 12 else 0.7 if day.month == 8 else 1.0
    a_day = dice.uniform(500, 1200)
    life.takings(a_day, (0.0, 0.9, 1.0, 1.0, 1.1, 1.6, 1.4))
    payers = habits(dice, 14, 4)
    for at, habit in enumerate(payers):
        size = dice.lognormvariate(5.9, 0.5)
        for month in life.months():
            for half in (15, 31):
                day = _in(month, half)
                net = size * dice.uniform(0.7, 1.3)
                life.invoice(f"Hotel {at}", day, net, habit, sale=True, terms=30, rate=0.06)
    turnover = a_day * 30.4 / 1.06 + _turnover(life)
    _suppliers(life, turnover * 0.36, 12)
    life.payroll(turnover * 0.20)
    life.monthly(-turnover * 0.05, "Landlord", 1, "rent")
    life.monthly(-turnover * 0.025, "Bank loan", 5, "loans")
    life.monthly(-turnover * 0.05, "Owner", 30, "owner", spread=0.1)
    life.small_cards(turnover * 0.002, 6)
    life.surprises(turnover * 0.05, 4)
    life.vat(takings_rate=0.06)
    return life.done(dice.uniform(0.4, 1.2))


def seasonal(seed: int, today: date) -> MadeCompany:
    """Gardens: sells from March to October, lives on it in winter."""
    life = Life("seasonal", seed, today, 26)
    dice = life.dice
    life.season = lambda day: (
        1 + 0.75 * math.cos((day.timetuple().tm_yday - 172) / 365 * 2 * math.pi)
    )
    payers = habits(dice, 30, 7)
    size = dice.uniform(700, 1800)
    for month in life.months():
        for at, habit in enumerate(payers):
            if dice.random() < 0.5 * life.season(month):
                day = _in(month, dice.randint(3, 28))
                net = size * dice.uniform(0.5, 1.5)
                life.invoice(f"Garden {at}", day, net, habit, sale=True, terms=30)
    turnover = _turnover(life)
    _suppliers(life, turnover * 0.30, 8, seasonal=True)
    life.payroll(turnover * 0.22)
    life.monthly(-turnover * 0.04, "Landlord", 1, "rent")
    life.monthly(-turnover * 0.03, "Leasing", 20, "vehicles")
    life.monthly(-turnover * 0.05, "Owner", 25, "owner", spread=0.1)
    life.surprises(turnover * 0.05, 3)
    life.vat()
    return life.done(dice.uniform(1.2, 2.4))


def freelancer(seed: int, today: date) -> MadeCompany:
    """One person, three customers, prepayments and own social contributions."""
    life = Life("freelancer", seed, today, 14)
    dice = life.dice
    for at, habit in enumerate(habits(dice, 3, 5)):
        rate = dice.uniform(450, 800)
        for month in life.months():
            days = dice.randint(5, 8) * (0.4 if month.month in (7, 8) else 1)
            life.invoice(f"Customer {at}", _last_working(month), rate * days, habit, sale=True)
    turnover = _turnover(life)
    _suppliers(life, turnover * 0.10, 6)
    life.monthly(-turnover * 0.42, "Owner", 28, "owner", spread=0.05)
    life.monthly(-turnover * 0.06, "Leasing", 5, "vehicles")
    for month in life.months():
        if month.month % 3 == 0:
            life.pay(
                _last_working(month), -turnover * 3 * 0.10, "Fund", "self_employed", "self_employed"
            )
        if (due := {4: 10, 7: 10, 10: 10, 12: 20}.get(month.month)) is not None:
            life.pay(
                working(_in(month, due), back=True),
                -turnover * 3 * 0.12,
                "Tax office",
                "income_tax",
                "prepayment",
            )
    life.small_cards(turnover * 0.004, 10)
    life.vat()
    return life.done(dice.uniform(0.8, 2.0))


def wholesaler(seed: int, today: date) -> MadeCompany:
    """Many customers and invoices a week, thin margin, VAT by month."""
    life = Life("wholesaler", seed, today, 16, vat_every=1)
    dice = life.dice
    payers = habits(dice, 80, 6)
    sizes = [dice.lognormvariate(6.6, 0.8) for _ in payers]
    day = life.made.start
    while day <= life.end:
        if is_working(day):
            for _ in range(dice.randint(3, 9)):
                at = min(int(dice.paretovariate(0.7)) - 1, 79)
                net = sizes[at] * dice.uniform(0.5, 1.6)
                life.invoice(f"Customer {at}", day, net, payers[at], sale=True, terms=30)
        day += DAY
    turnover = _turnover(life)
    _suppliers(life, turnover * 0.70, 14)
    life.payroll(turnover * 0.07)
    life.monthly(-turnover * 0.02, "Landlord", 1, "rent")
    life.monthly(-turnover * 0.01, "Bank loan", 5, "loans")
    life.monthly(-turnover * 0.03, "Owner", 25, "owner", spread=0.1)
    life.surprises(turnover * 0.03, 4)
    life.vat()
    return life.done(dice.uniform(0.4, 1.0))


def subscriptions(seed: int, today: date) -> MadeCompany:
    """Software by the month: many pay by direct debit in one sum, a few large ones by invoice."""
    life = Life("subscriptions", seed, today, 16)
    dice = life.dice
    base = dice.uniform(15000, 40000)
    for at, month in enumerate(life.months()):
        life.pay(
            working(_in(month, 6)),
            base * 1.012**at * dice.uniform(0.98, 1.02),
            "Payment service",
            "sales",
        )
    for at, habit in enumerate(habits(dice, 6, 8)):
        size = base * dice.uniform(0.1, 0.3)
        first = dice.randint(0, 2)
        for nth, month in enumerate(life.months()):
            if nth % 3 == first:
                life.invoice(f"Group {at}", _in(month, 1), size, habit, sale=True)
    turnover = base * 1.3
    _suppliers(life, turnover * 0.20, 8)
    life.payroll(turnover * 0.33)
    life.monthly(-turnover * 0.04, "Landlord", 1, "rent")
    life.monthly(-turnover * 0.03, "Cloud", 3, "office", spread=0.08)
    life.small_cards(turnover * 0.003, 6)
    life.surprises(turnover * 0.05, 3)
    life.vat()
    return life.done(dice.uniform(0.8, 2.0))


KINDS: tuple[Callable[[int, date], MadeCompany], ...] = (
    service,
    shop,
    builder,
    bakery,
    seasonal,
    freelancer,
    wholesaler,
    subscriptions,
)


def companies(
    count: int, seed: int, kinds: Sequence[Callable[[int, date], MadeCompany]] = KINDS
) -> Iterator[MadeCompany]:
    """As many companies, of each kind in turn, each with a today of its own."""
    for at in range(count):
        dice = random.Random(f"today {seed} {at}")
        today = date(2026, 1, 5) + dice.randint(0, 330) * DAY
        yield kinds[at % len(kinds)](seed * 1000 + at, today)


def _suppliers(life: Life, a_month: float, count: int, *, seasonal: bool = False) -> None:
    """Suppliers that together invoice so much net a month.

    The large ones deliver every week or two, small ones once a month or now and then.
    """
    dice = life.dice
    weights = sorted((dice.lognormvariate(0, 0.8) for _ in range(count)), reverse=True)
    for at, weight in enumerate(weights):
        size = a_month * weight / sum(weights)
        habit = Habit(dice.choice([-3, 0, 0, 0, 2]), dice.uniform(0.5, 2.5), forgets=0.0)
        terms, day = dice.choice([8, 14, 30, 30, 30]), dice.randint(1, 28)
        often = dice.choice([2, 4]) if at < count / 3 else dice.choice([1, 1, 0])
        spread = 0.25 if often > 1 or seasonal else 0.05 if often else 0.4
        for month in life.months():
            factor = life.season(_in(month, 1)) if seasonal else 1.0
            days = [day + nth * 28 // often for nth in range(often)] if often else []
            if not often:
                days = [dice.randint(1, 28) for _ in range(dice.choice([0, 1, 1, 2]))]
            for each in days:
                on = _in(_month(month, 0), (each - 1) % 28 + 1)
                net = size / max(often, 1) * factor * (1 + dice.uniform(-spread, spread))
                life.invoice(f"Supplier {at}", on, net, habit, sale=False, terms=terms)


def _turnover(life: Life) -> float:
    """What is invoiced to customers in a month, net."""
    net = sum(one.gross - one.vat for one in life.made.invoices if one.is_sale) / 100
    return net / max(1.0, (life.end - life.made.start).days / 30.4)


def _month(day: date, by: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + by, 12)
    return date(year, month + 1, 1)


def _in(month: date, day: int) -> date:
    return month.replace(day=min(day, calendar.monthrange(month.year, month.month)[1]))


def _last_working(month: date) -> date:
    return working(_in(month, 31), back=True)


def _period(day: date, every: int) -> date:
    return date(day.year, (day.month - 1) // every * every + 1, 1)
