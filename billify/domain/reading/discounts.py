"""Early-payment discount: how much less, and until when."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal

from billify.domain.reading import prose
from billify.domain.reading.amounts import CENT, Amount
from billify.domain.reading.dates import parsed
from billify.domain.reading.facts import Facts
from billify.domain.reading.prose import Found, Passage
from billify.domain.reading.reading import How
from billify.domain.reading.words import Word

_CERTAIN = (
    r"skonto\w*|escompte|kontant\w*korting|contant\w*korting|korting (?:voor )?(?:contant\w*|snelle"
    r" betaling|vroegtijdige betaling)|betalingskorting|betaalkorting|korting bij contant\w*"
    r"|financiele korting|remise (?:pour )?(?:paiement )?(?:comptant|anticipe)|kredietbeperking"
    r"|pour paiement comptant|bij contante betaling|voor contant\w*"
    r"|(?:early|prompt) (?:payment|settlement)(?: discount)?|(?:cash|settlement) discount"
)
_LOOSE = (
    r"korting|discount|remise|reduction|rabatt|nachlass|aftrek\w*|mindering|deduire|abzug|abziehen"
)
_TRIGGER = re.compile(rf"(?<!\w)(?:{_CERTAIN}|{_LOOSE})(?!\w)")
_CERTAINLY = re.compile(rf"(?<!\w)(?:{_CERTAIN})(?!\w)")
_ON_TIME = re.compile(
    r"(?:binnen|within|innerhalb|innert|sous|dans les|endeans|en deans|if paid|bij betaling|betaald"
    r" (?:voor|binnen)|betaling (?:voor|binnen)|en cas de (?:paiement|reglement)"
    r"|paiement (?:avant|sous"
    r"|dans)|bei (?:be)?zahlung|zahlung (?:bis|innerhalb)|when paid|payment (?:within|before|by))"
)
_PERCENT = re.compile(
    r"(?<![\d.,])(\d{1,2}(?:[.,]\d{1,3})?)\s?(?:%|procent|prozent|percent|pct|pour ?cent)"
)
_DAYS = re.compile(
    r"(?<![\d.,/])(\d{1,3})\s?(?:kalender|werk|calendar|working )?"
    r"(?:dagen|dag|dgn|d\.|jours|jour|jrs|j\.|days|day|tagen|tage|tg)(?!\w)"
)
_NET = re.compile(r"^\W*(?:netto|net|rein netto|ohne abzug|strikt|zonder korting|sans escompte)")
_NONE = re.compile(
    r"(?:pas d'|aucun |sans |neant|geen |kein\w* |no |ohne |zonder |nihil)\W*(?:d'|de )?"
    r"(?:escompte|korting|skonto|discount|remise|abzug|contantkorting)"
    r"|(?:escompte|skonto|korting|discount)\W+(?:\w+\W+){0,4}?(?:neant|nihil|aucun|geen|none"
    r"|keine?r?)(?!\w)"
)
_LATE = re.compile(r"(?:retard|penalit|interet|intrest|interest|nalatigheid|verzug|mahn|late)")
_SLASHED = re.compile(
    r"(?<![\d/.,])(\d(?:[.,]\d{1,2})?)\s?%?\s?(?:/|-|,|\s)\s?(\d{1,2})\s?(?:d|days|dagen|j|jours"
    r"|tage)?\s?"
    r"[,;/–-]?\s?(?:n|net|netto)\s?[/-]?\s?(\d{2,3})(?![\d/])"
    r"|^(\d(?:[.,]\d)?)\s?%\s(\d{1,2})\s(?:days|dagen|jours|tage)\b(?:\W+(?:n|net"
    r"|netto)?\s?(\d{2,3}))?$"
)
_NEAR = 75
_MOST = Decimal(15)
"""A larger share is a price cut, not a discount for paying early."""


def discount(
    facts: Facts, *, issued: date | None, gross: Decimal | None, net: Decimal | None
) -> Mapping[str, Found]:
    """discount_percent, discount_until and discount_amount, as far as the pages say.

    Where only days are printed the date is worked out from the day of issue.
    """
    for one in prose.around(facts, _TRIGGER):
        found = _in(one, issued)
        if found:
            return found | _amount(facts, one, found, gross, net)
    for one in prose.lines(facts):
        found = _slashed(one, issued)
        if found:
            return found
    return {}


def _in(one: Passage, issued: date | None) -> dict[str, Found]:
    if _NONE.search(one.text):
        return {}
    for trigger in _TRIGGER.finditer(one.text):
        certain = bool(_CERTAINLY.match(one.text, trigger.start()))
        percent = _nearest(_PERCENT, one.text, trigger.span(), _is_no_fine)
        if percent is None:
            continue
        value = _decimal(percent[1])
        if not 0 < value <= _MOST:
            continue
        span = (min(trigger.start(), percent.start()), max(trigger.end(), percent.end()))
        until = _until(one, span, issued)
        if until is None and not certain:
            continue
        if not certain and not _ON_TIME.search(one.text):
            continue
        label = one.printed(*trigger.span())
        words = one.words_at(*percent.span())
        found = {
            "discount_percent": Found(
                format(value.normalize(), "f"), words, one.page, 0.92 if until else 0.8, label=label
            )
        }
        if until is not None:
            found["discount_until"] = until
        return found
    return {}


def _slashed(one: Passage, issued: date | None) -> dict[str, Found]:
    """2/10 net 30: two per cent within ten days, else all within thirty."""
    seen = _SLASHED.search(one.text)
    if seen is None:
        return {}
    share, within, all_within = seen.groups()[:3] if seen[1] else seen.groups()[3:]
    percent, days, net = _decimal(share), int(within), int(all_within or 999)
    if not 0 < percent <= _MOST or not 0 < days < net:
        return {}
    words, label = one.words_at(*seen.span()), one.printed(*seen.span())
    found = {
        "discount_percent": Found(
            format(percent.normalize(), "f"), words, one.page, 0.9, label=label
        )
    }
    if issued is not None:
        found["discount_until"] = _counted(issued, days, words, one.page, label)
    return found


def _until(one: Passage, span: tuple[int, int], issued: date | None) -> Found | None:
    day = _nearest_day(one, span)
    if day is not None:
        return day
    days = _nearest(_DAYS, one.text, span, _is_no_net)
    if days is None or not 0 < int(days[1]) <= 60 or issued is None:
        return None
    words = one.words_at(*days.span())
    return _counted(issued, int(days[1]), words, one.page, one.printed(*days.span()))


def _counted(issued: date, days: int, words: tuple[Word, ...], page: int, label: str) -> Found:
    value = (issued + timedelta(days=days)).isoformat()
    return Found(value, words, page, 0.8, How.ARITHMETIC, label)


_DAY = re.compile(
    r"\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:\d{4}|\d{2})(?!\d)|\d{4}-\d{2}-\d{2}"
    r"|\d{1,2}(?:er|\.)? [a-z]{3,9}\.? \d{4}"
)


def _nearest_day(one: Passage, span: tuple[int, int]) -> Found | None:
    seen = _nearest(_DAY, one.text, span, _is_no_net)
    value = parsed(seen[0]) if seen is not None else None
    if seen is None or value is None:
        return None
    # A date farther away than the days that are named belongs to something else.
    days = _nearest(_DAYS, one.text, span, _is_no_net)
    if days is not None and _apart(days.span(), span) + 25 < _apart(seen.span(), span):
        return None
    words = one.words_at(*seen.span())
    return Found(value.isoformat(), words, one.page, 0.9, How.LABEL, one.printed(*span))


def _nearest(
    pattern: re.Pattern[str],
    text: str,
    span: tuple[int, int],
    accept: Callable[[str, re.Match[str]], bool],
) -> re.Match[str] | None:
    near = [
        one
        for one in pattern.finditer(text)
        if _apart(one.span(), span) <= _NEAR and accept(text, one)
    ]
    return min(near, key=lambda one: _apart(one.span(), span), default=None)


def _apart(a: tuple[int, int], b: tuple[int, int]) -> int:
    return max(a[0] - b[1], b[0] - a[1], 0)


def _is_no_net(text: str, one: re.Match[str]) -> bool:
    """30 days net is the usual term, not the discount's."""
    before = text[max(0, one.start() - 24) : one.start()]
    return not _NET.match(text[one.end() :]) and not re.search(
        r"(?:netto|net)\W*(?:bis|am)?\W*$", before
    )


def _is_no_fine(text: str, one: re.Match[str]) -> bool:
    """Interest on late payment is a percentage too; so is VAT."""
    before = text[max(0, one.start() - 40) : one.start()]
    if re.search(r"(?:btw|tva|vat|mwst|ust)\W{0,3}$", before):
        return False
    return not _LATE.search(before.rsplit(". ", 1)[-1])


def _amount(
    facts: Facts,
    one: Passage,
    found: Mapping[str, Found],
    gross: Decimal | None,
    net: Decimal | None,
) -> dict[str, Found]:
    """The discount in money, where an amount near it is that share of a total."""
    share = Decimal(found["discount_percent"].value) / 100
    for amount in _near(facts, one):
        for total in (gross, net):
            if total is None or not total:
                continue
            part = abs(total) * share
            value = abs(amount.value)
            if abs(value - part) <= 2 * CENT:
                text = format(value.quantize(CENT), "f")
            elif gross is not None and abs(abs(gross) - value - part) <= 2 * CENT:
                text = format((abs(gross) - value).quantize(CENT), "f")
            else:
                continue
            return {"discount_amount": Found(text, amount.words, one.page, 0.9, How.ARITHMETIC)}
    return {}


def _near(facts: Facts, one: Passage) -> Iterator[Amount]:
    for amount in facts.amounts:
        is_near = amount.line.page == one.page and abs(amount.line.y0 - one.line.y0) < 45
        if is_near and amount.is_money:
            yield amount


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))
