"""Which format a file has, by what is in it and never by its name; then it is read.

What needs lxml is imported when such a file comes: the web process stays 8 MB smaller without.
"""

import re
from dataclasses import replace

from billify.domain.bank_files import check, coda, exports, fields, mt940, tables
from billify.domain.bank_files.shapes import BankFile, Format, Remark, State, Statement, Unreadable
from billify.domain.bank_files.tables import Columns, UnknownColumns
from billify.domain.refusal import N_

LARGEST = 50_000_000
_BANKS = {
    "GEBABEBB": "BNP Paribas Fortis",
    "KREDBEBB": "KBC",
    "CREGBEBB": "CBC",
    "GKCCBEBB": "Belfius",
    "BBRUBEBB": "ING",
    "ARSPBE22": "Argenta",
    "AXABBE22": "Crelan",
    "NICABEBB": "Crelan",
    "TRIOBEBB": "Triodos",
    "TRWIBEB1": "Wise",
    "REVOBEB2": "Revolut",
}
_FIRST_BIC = re.compile(r"(?<![A-Z0-9])([A-Z]{6}[A-Z0-9]{2})(?:XXX)?(?![A-Z0-9])")


def read(content: bytes, *, wanted: Columns | None = None) -> BankFile:
    """What a bank file holds. Refuses anything else with the line and the reason.

    `wanted` says what the columns of a CSV or XLSX mean, when a person has said so.
    """
    if len(content) > LARGEST:
        raise Unreadable(N_("This file is larger than a bank statement can be."))
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf\x1a"):
        raise Unreadable(N_("This file is empty."), line=1)
    if content.startswith((b"%PDF", b"\xd0\xcf\x11\xe0")):
        raise Unreadable(
            N_(
                "Billify reads no PDF or old Excel statements. Ask the bank's site for CODA or CSV."
            ),
            line=1,
        )
    if tables.is_workbook(content):
        return _exported(Format.XLSX, tables.from_workbook(content, wanted))
    text = _text(content)
    if text.lstrip("\ufeff \t\r\n").startswith("<"):
        from billify.domain.bank_files import camt

        return _told(Format.CAMT, "", camt.read(_utf8(content, text)), [])
    if wanted is None and coda.looks_like(text):
        statements, notes = coda.read(text)
        return _told(Format.CODA, _bank_of(text[:128]), statements, notes)
    if wanted is None and mt940.looks_like(text):
        return _told(Format.MT940, _bank_of(text[:200]), mt940.read(text), [])
    if "\x00" in text:
        raise Unreadable(N_("Line %(line)d: this is no text and no bank statement."), line=1)
    return _exported(Format.CSV, tables.from_text(text, wanted))


def head(content: bytes) -> UnknownColumns:
    """The header of a CSV or XLSX file and some rows. Refuses what is no table."""
    return tables.shown(content if tables.is_workbook(content) else _text(content))


def _exported(format_: Format, table: tables.Table) -> BankFile:
    statements, notes = exports.read(table)
    return replace(_told(format_, table.bank, statements, notes), header=table.header)


def _told(format_: Format, bank: str, statements: list[Statement], notes: list[Remark]) -> BankFile:
    if not statements or all(one.is_empty for one in statements):
        raise Unreadable(N_("Line %(line)d: the file tells no movement and no balance."), line=1)
    waiting = sum(
        one.state is not State.BOOKED for statement in statements for one in statement.movements
    )
    if waiting:
        notes = [
            *notes,
            Remark(
                N_("Movements that are not booked yet and change no balance: %(count)d."),
                {"count": waiting},
            ),
        ]
    return BankFile(
        format=format_,
        bank=bank or _bank_by_account(statements),
        statements=tuple(statements),
        notes=(*notes, *check.gaps(statements), *check.unclosed(statements)),
        warnings=check.warnings(statements),
    )


def _text(content: bytes) -> str:
    """UTF-8 when it is, else what Windows writes; a mark at the start decides."""
    for mark, name in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(name, "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _utf8(content: bytes, text: str) -> bytes:
    """XML in UTF-16 is handed on as UTF-8, so that what it declares is seen."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return re.sub(r"^\s*<\?xml[^>]*\?>", "", text).strip().encode()
    return content.lstrip(b"\xef\xbb\xbf \t\r\n")


def _bank_of(head: str) -> str:
    for found in _FIRST_BIC.finditer(head):
        if found[1] in _BANKS:
            return _BANKS[found[1]]
    return ""


def _bank_by_account(statements: list[Statement]) -> str:
    """Belgian banks by the first three digits of their accounts, the common ones."""
    account = next((one.account for one in statements if fields.is_iban(one.account)), None)
    if not account or not account.startswith("BE"):
        return ""
    code = int(account[4:7])
    return next((name for first, last, name in _CODES if first <= code <= last), "")


_CODES = (
    (1, 49, "BNP Paribas Fortis"),
    (50, 99, "Belfius"),
    (140, 149, "BNP Paribas Fortis"),
    (220, 298, "BNP Paribas Fortis"),
    (300, 399, "ING"),
    (400, 499, "KBC"),
    (730, 731, "KBC"),
    (732, 732, "CBC"),
    (733, 741, "KBC"),
    (967, 967, "Wise"),
    (973, 973, "Argenta"),
    (979, 979, "Argenta"),
)
