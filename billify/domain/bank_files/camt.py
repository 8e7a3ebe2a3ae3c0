"""ISO 20022 CAMT.052, 053 and 054 of every version, with or without a namespace.

Elements are known by their plain names, read one entry at a time and let go of at once, so a year
of movements takes no more memory than a day. No entities, no DTD, no network.
"""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from lxml import etree

from billify.domain.bank_files import fields
from billify.domain.bank_files.shapes import Movement, State, Statement, Unreadable
from billify.domain.refusal import N_

_STATEMENTS = ("{*}Stmt", "{*}Rpt", "{*}Ntfctn")
_OPENINGS = ("OPBD", "PRCD")
_CLOSING = "CLBD"
_DECLARED = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9])")
_STATES = {"PDNG": State.PENDING, "FUTR": State.PENDING, "INFO": State.INFORMATION}


def looks_like(content: bytes) -> bool:
    """Whether the bytes are XML of some kind."""
    return content[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def read(content: bytes) -> list[Statement]:
    """The statements of a CAMT file. Refuses what is not well-formed or tells no statement."""
    declared = _DECLARED.search(content)
    if declared:
        raise _declares(content.count(b"\n", 0, declared.start()) + 1)
    try:
        statements = list(_statements(content))
    except etree.XMLSyntaxError as error:
        raise Unreadable(
            N_("Line %(line)d: the XML is broken, the file was cut off or changed."),
            line=error.lineno or 1,
        ) from error
    if not statements:
        raise Unreadable(N_("Line %(line)d: this XML file holds no bank statement."), line=1)
    return statements


def _declares(line: int) -> Unreadable:
    return Unreadable(
        N_("Line %(line)d declares a document type (DOCTYPE). A bank statement has none."),
        line=line,
    )


def _statements(content: bytes) -> Iterator[Statement]:
    movements: list[tuple[Movement, str | None]] = []
    tree = etree.iterparse(
        io.BytesIO(content),
        events=("end",),
        tag=("{*}Ntry", *_STATEMENTS),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        dtd_validation=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
    )
    for _event, element in tree:
        if element.getroottree().docinfo.doctype:
            raise _declares(1)
        if _name(element) == "Ntry":
            movements.append(_entry(element))
            _let_go(element)
        else:
            yield _statement(element, movements)
            movements = []
            _let_go(element)


def _let_go(element: etree._Element) -> None:
    """Free what was read: the element and those like it before it."""
    element.clear()
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    while before is not None and before.tag == element.tag:
        parent.remove(before)
        before = element.getprevious()


def _statement(element: etree._Element, found: Sequence[tuple[Movement, str | None]]) -> Statement:
    account = _child(element, "Acct")
    balances = {code: one for one in _children(element, "Bal") if (code := _code_of(one))}
    opening = next((balances[code] for code in _OPENINGS if code in balances), None)
    closing = balances.get(_CLOSING)
    currency = (
        _text(account, "Ccy")
        or next((_currency(one) for one in balances.values()), None)
        or next((currency for _, currency in found if currency), None)
    )
    fallback = _fallback_day(element, closing)
    return Statement(
        account=_account(account),
        currency=currency,
        movements=tuple(_dated(one, fallback) for one, _ in found),
        opening_balance=_signed(opening) if opening is not None else None,
        closing_balance=_signed(closing) if closing is not None else None,
        opening_date=_day(_child(opening, "Dt")),
        closing_date=_day(_child(closing, "Dt")),
        number=_text(element, "ElctrncSeqNb") or _text(element, "LglSeqNb"),
        holder=_party(_child(account, "Ownr")),
    )


def _code_of(balance: etree._Element) -> str | None:
    kind = _child(balance, "Tp")
    return _text(_child(kind, "CdOrPrtry"), "Cd") or _text(kind, "Cd")


def _fallback_day(element: etree._Element, closing: etree._Element | None) -> date | None:
    """The day of entries that tell none: the statement's own."""
    return (
        _day(_child(closing, "Dt"))
        or _day_in(_text(_child(element, "FrToDt"), "ToDtTm"))
        or _day_in(_text(element, "CreDtTm"))
    )


def _dated(movement: Movement, fallback: date | None) -> Movement:
    if movement.booked_on != date.min:
        return movement
    if fallback is None:
        raise Unreadable(
            N_("Line %(line)d: the movement has no readable day."), line=movement.line or 1
        )
    details = tuple(_dated(one, fallback) for one in movement.details)
    return replace(movement, booked_on=fallback, details=details)


def _entry(entry: etree._Element) -> tuple[Movement, str | None]:
    """One entry; the parts of a batch become its details, a single part is the entry itself."""
    is_reversal = (_text(entry, "RvslInd") or "").lower() in ("true", "1")
    groups = _children(entry, "NtryDtls")
    parts = [one for group in groups for one in _children(group, "TxDtls")]
    amount = _signed(entry)
    value = _day(_child(entry, "ValDt"))
    booked = _day(_child(entry, "BookgDt")) or value or date.min
    state = _child(entry, "Sts")
    code = (_text(state, "Cd") or (state.text if state is not None else None) or "").strip()
    only = parts[0] if len(parts) == 1 else None
    extra = _text(entry, "AddtlNtryInf") or ""
    movement = _movement(
        only,
        amount=amount,
        booked=booked,
        is_reversal=is_reversal,
        extra=extra,
        reference=_text(entry, "AcctSvcrRef"),
    )
    if len(parts) > 1:
        details = tuple(
            _movement(
                one,
                amount=_part_amount(one, amount),
                booked=booked,
                is_reversal=is_reversal,
                extra="",
                reference=_text(_child(one, "Refs"), "AcctSvcrRef"),
            )
            for one in parts
        )
    else:
        details = ()
    whole = replace(
        movement,
        value_date=value,
        state=_STATES.get(code, State.BOOKED),
        details=details,
        line=entry.sourceline,
    )
    return whole, _currency(entry)


def _movement(
    part: etree._Element | None,
    *,
    amount: Decimal,
    booked: date,
    is_reversal: bool,
    extra: str,
    reference: str | None,
) -> Movement:
    name, account = _other_side(part, money_in=(amount > 0) != is_reversal)
    written = _child(part, "RmtInf")
    free = fields.one_line(*(one.text for one in _children(written, "Ustrd")))
    references = list(_references(written))
    extra = extra or _text(part, "AddtlTxInf") or ""
    message = free or fields.one_line(*references) or fields.one_line(extra)
    structured = next(
        (one for text in (*references, free, extra) if (one := fields.structured_in(text))), None
    )
    return Movement(
        booked_on=booked,
        amount=amount,
        counterparty_name=name,
        counterparty_account=account,
        message=message,
        structured=structured,
        creditor_reference=next(
            (one for text in (*references, free) if (one := fields.creditor_in(text))), None
        ),
        reference=reference,
        line=part.sourceline if part is not None else None,
    )


def _references(written: etree._Element | None) -> Iterator[str]:
    for one in _children(written, "Strd"):
        for information in _children(one, "CdtrRefInf"):
            text = _text(information, "Ref") or _text(information, "CdtrRef")
            if text:
                yield text


def _other_side(part: etree._Element | None, *, money_in: bool) -> tuple[str, str | None]:
    """Who paid what came in, or was paid what went out. From version 8 on names stand in Pty."""
    parties = _child(part, "RltdPties")
    side = "Dbtr" if money_in else "Cdtr"
    name = _party(_child(parties, side)) or _party(_child(parties, f"Ultmt{side}"))
    return name, _account(_child(parties, f"{side}Acct"))


def _party(party: etree._Element | None) -> str:
    name = _text(party, "Nm") or _text(_child(party, "Pty"), "Nm")
    if not name:
        agent = _child(_child(party, "Agt"), "FinInstnId")
        name = _text(agent, "Nm")
    return fields.one_line(name)


def _account(account: etree._Element | None) -> str | None:
    number = _child(account, "Id")
    return fields.account_number(
        _text(number, "IBAN")
        or _text(number, "BBAN")
        or _text(_child(number, "Othr"), "Id")
        or _text(_child(number, "PrtryAcct"), "Id")
    )


def _part_amount(part: etree._Element, whole: Decimal) -> Decimal:
    """The amount of a part of a batch, in the direction it or the whole has."""
    told = _child(part, "Amt")
    if told is None:
        told = _child(_child(_child(part, "AmtDtls"), "TxAmt"), "Amt")
    amount = fields.plain_amount(told.text or "") if told is not None else None
    if amount is None:
        return Decimal(0)
    direction = _text(part, "CdtDbtInd") or ("CRDT" if whole > 0 else "DBIT")
    return amount if direction == "CRDT" else -amount


def _signed(element: etree._Element) -> Decimal:
    told = _child(element, "Amt")
    line = element.sourceline or 1
    amount = fields.plain_amount(told.text or "") if told is not None else None
    direction = _text(element, "CdtDbtInd")
    if amount is None or direction not in ("CRDT", "DBIT"):
        raise Unreadable(
            N_("Line %(line)d: the amount, or whether it came in or went out, cannot be read."),
            line=line,
        )
    return amount if direction == "CRDT" else -amount


def _currency(element: etree._Element) -> str | None:
    told = _child(element, "Amt")
    return told.get("Ccy") if told is not None else None


def _day(element: etree._Element | None) -> date | None:
    return _day_in(_text(element, "Dt") or _text(element, "DtTm"))


def _day_in(text: str | None) -> date | None:
    found = _DAY.match((text or "").strip())
    return fields.day(int(found[1]), int(found[2]), int(found[3])) if found else None


def _children(element: etree._Element | None, name: str) -> Iterator[etree._Element]:
    if element is None:
        return iter(())
    return (one for one in element if _name(one) == name)


def _child(element: etree._Element | None, name: str) -> etree._Element | None:
    return next(_children(element, name), None)


def _text(element: etree._Element | None, name: str) -> str | None:
    found = _child(element, name)
    return (found.text or "").strip() or None if found is not None else None


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]
