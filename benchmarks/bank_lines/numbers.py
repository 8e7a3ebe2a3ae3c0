"""Invoice numbers of many houses, references, accounts, and how people copy them."""

import random
from datetime import date

#: How houses number: with the year (y, yy), the month (m) and the place in the series (k).
SERIES = (
    "{y}-{k:04d}",
    "{y}/{k:05d}",
    "F{y}{k:04d}",
    "VF{yy:02d}/{k:05d}",
    "{yy:02d}{k:05d}",
    "INV-{k:05d}",
    "{yy:02d}/{k}",
    "{y}.{m:02d}.{k:04d}",
    "A-1{k:03d}",
    "VKF/{y}/{k:05d}",
    "3{k:03d}",
    "FAC{yy:02d}{m:02d}{k:03d}",
    "RE-{y}-{k:03d}",
    "{k:06d}",
    "V{yy:02d}-{k:04d}",
    "{y}{m:02d}{k:04d}",
    "{k:03d}/{y}",
    "{k}-{yy:02d}",
)


def numbered(series: str, day: date, place: int) -> str:
    """The number of an invoice of a day at a place in its series."""
    return series.format(y=day.year, yy=day.year % 100, m=day.month, k=place)


def structured(number: int) -> str:
    """A structured communication: ten digits and their rest by 97."""
    return f"{number:010d}{number % 97 or 97:02d}"


def creditor(body: str) -> str:
    """An RF reference (ISO 11649)."""
    digits = "".join(str(int(one, 36)) for one in body + "RF00")
    return f"RF{98 - int(digits) % 97:02d}{body}"


def iban(chance: random.Random, country: str = "BE") -> str:
    """An account number with right check digits."""
    if country == "BE":
        bare = f"{chance.randrange(100, 980)}{chance.randrange(10**7):07d}"
        body = f"{bare}{int(bare) % 97 or 97:02d}"
    elif country == "DE":
        body = f"{chance.randrange(10**17, 10**18)}"
    elif country == "FR":
        body = f"{chance.randrange(10**22, 10**23)}"
    else:
        country, body = "NL", f"INGB0{chance.randrange(10**8, 10**9)}"
    digits = "".join(str(int(one, 36)) for one in f"{body}{country}00")
    return f"{country}{98 - int(digits) % 97:02d}{body}"


def copied(chance: random.Random, number: str) -> str:
    """One invoice number as somebody types it: whole, with other marks, cut short, rarely wrong."""
    shape = chance.random()
    if shape < 0.5:
        return number
    if shape < 0.56:
        return number.replace("-", "/") if "-" in number else number.replace("/", "-")
    if shape < 0.64:
        return "".join(one for one in number if one.isalnum())
    if shape < 0.69:
        return number.replace("-", " ").replace("/", " ").replace(".", " ")
    if shape < 0.76:
        return number.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ-/ ") or number
    if shape < 0.80:
        return number.lower()
    if shape < 0.93:
        return short(number)
    if shape < 0.96:
        return wrong(chance, number)
    if shape < 0.98:
        return number.replace("0", "O", 1)
    return f"{number[: len(number) // 2]} {number[len(number) // 2 :]}"


def short(number: str) -> str:
    """Only the last part, without its zeros: 2026-0012 is 12 to who sent it."""
    parts = "".join(one if one.isdigit() else " " for one in number).split()
    if len(parts) > 1 and parts[-1] in ("2026", "26"):
        parts.pop()
    last = parts[-1].lstrip("0") or parts[-1]
    if len(parts) == 1 and len(last) > 6:
        return last[2:].lstrip("0") or last
    return last


def wrong(chance: random.Random, number: str) -> str:
    """One digit other, doubled or two of them turned round."""
    places = [at for at, one in enumerate(number) if one.isdigit()]
    at = chance.choice(places)
    shape = chance.random()
    if shape < 0.5:
        return (
            number[:at] + str((int(number[at]) + chance.randrange(1, 10)) % 10) + number[at + 1 :]
        )
    if shape < 0.8 and at + 1 < len(number):
        return number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    return number[:at] + number[at] + number[at:]


def written_structured(chance: random.Random, reference: str) -> str:
    """A structured communication inside a sentence, as it is typed and as banks cut it."""
    a, b, c = reference[:3], reference[3:7], reference[7:]
    return chance.choice(
        [
            f"+++{a}/{b}/{c}+++",
            f"***{a}/{b}/{c}***",
            f"{a}/{b}/{c}",
            reference,
            f"{a} {b} {c}",
            f"{a}-{b}-{c}",
            f"+++{a}/{b}/{c}",
            f"{a}.{b}.{c}",
            f"+++ {a} / {b} / {c} +++",
            f"{a}/{b}{c}",
            f"{a}{b[:2]} {b[2:]}{c}",
            f"{a}/{b}/{c[:2]} {c[2:]}",
            f"/{a}/{b}/{c}/",
        ]
    )


def wrong_structured(chance: random.Random, reference: str) -> str:
    """A structured communication with one digit wrong or two turned round."""
    digits = list(reference)
    at = chance.randrange(10)
    if chance.random() < 0.6 or digits[at] == digits[at + 1]:
        digits[at] = str((int(digits[at]) + chance.randrange(1, 9)) % 10)
    else:
        digits[at], digits[at + 1] = digits[at + 1], digits[at]
    return "".join(digits)
