"""What can be asked of Yuki, and nothing that writes."""

import base64
import binascii
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from billify.integrations.yuki.errors import NotARead, SessionEnded, Unreadable
from billify.integrations.yuki.shapes import (
    Administration,
    Contact,
    Document,
    Domain,
    File,
    LedgerBalance,
    LedgerLine,
    OpenItem,
)
from billify.integrations.yuki.wire import Traffic, Value, Wire

if TYPE_CHECKING:
    from lxml.etree import _Element

#: The operations that read, by their service. An access key may always write, whatever level it
#: was made at, so nothing else is sent. SetCurrentDomain changes the state of the session only.
READS = {
    "Authenticate": "Accounting",
    "Domains": "Accounting",
    "GetCurrentDomain": "Accounting",
    "SetCurrentDomain": "Accounting",
    "Administrations": "Accounting",
    "OutstandingDebtorItems": "Accounting",
    "OutstandingCreditorItems": "Accounting",
    "OutstandingDebtorItemsByDateOutstanding": "Accounting",
    "OutstandingCreditorItemsByDateOutstanding": "Accounting",
    "CheckOutstandingItemAdmin": "Accounting",
    "GLAccountBalance": "Accounting",
    "GLAccountTransactions": "Accounting",
    "GetSuppliersAndCustomers": "Contact",
    "SearchDocuments": "Archive",
    "DocumentFile": "Archive",
}
PAGE = 100
Renew = Callable[[str | None], str]


class Client:
    """Yuki for one access key.

    `session` gives the session to use; told one that was refused, it logs in anew (`log_in`).
    `spend` is called before each call: it counts it, and raises LimitReached when the day's
    budget is spent.
    """

    def __init__(self, wire: Wire, session: Renew, *, spend: Callable[[], None]) -> None:
        self._wire = wire
        self._session = session
        self._spend = spend

    @property
    def traffic(self) -> Traffic:
        """What the calls weighed so far."""
        return self._wire.traffic

    def domains(self) -> list[Domain]:
        """The domains that the key opens."""
        return [
            Domain(one.get("ID", ""), _text(one, "Name"))
            for one in self._ask("Domains", each="Domain")
        ]

    def choose_domain(self, *, domain_id: str) -> None:
        """Use this domain for the rest of the session."""
        for _ in self._ask("SetCurrentDomain", each="", domainID=domain_id):
            pass

    def administrations(self) -> list[Administration]:
        """The books in the domain of the session."""
        return [
            Administration(
                id=one.get("ID", ""),
                name=_text(one, "Name"),
                domain_id=_text(one, "DomainID"),
                vat_number=_text(one, "VATNumber"),
                is_active=_text(one, "Active").lower() != "false",
            )
            for one in self._ask("Administrations", each="Administration")
        ]

    def receivables(self, *, administration_id: str, on: date | None = None) -> Iterator[OpenItem]:
        """What customers owe, now or as it was on a day, one after another as they come in."""
        return self._open("OutstandingDebtorItems", administration_id, on)

    def payables(self, *, administration_id: str, on: date | None = None) -> Iterator[OpenItem]:
        """What suppliers are owed, likewise."""
        return self._open("OutstandingCreditorItems", administration_id, on)

    def balances(self, *, administration_id: str, on: date) -> list[LedgerBalance]:
        """The balance of every ledger account at the end of a day."""
        found = self._ask(
            "GLAccountBalance",
            each="GLAccount",
            administrationID=administration_id,
            transactionDate=on,
        )
        return [
            LedgerBalance(
                code=one.get("Code", ""),
                description=_text(one, "Description"),
                amount=_amount(one, "Amount"),
                is_balance_sheet=one.get("BalanceType", "") == "B",
            )
            for one in found
        ]

    def ledger(
        self, *, administration_id: str, account: str, since: date, until: date
    ) -> Iterator[LedgerLine]:
        """The entries on a ledger account from one day to another, both included."""
        found = self._ask(
            "GLAccountTransactions",
            each="GLAccountTransaction",
            administrationID=administration_id,
            GLAccountCode=account,
            StartDate=since,
            EndDate=until,
        )
        for one in found:
            yield LedgerLine(
                id=one.get("ID", ""),
                dated=_day_or_refuse(one, "Date"),
                description=_text(one, "Description"),
                amount=_amount(one, "Amount"),
                contact=_text(one, "Contact"),
                contact_id=_text(one, "ContactID"),
                account=_text(one, "GLAccountCode") or account,
            )

    def contacts(self, *, domain_id: str, page: int) -> list[Contact]:
        """A page of customers and suppliers, from 1; an empty one is the last."""
        found = self._ask(
            "GetSuppliersAndCustomers",
            each="Contact",
            domainID=domain_id,
            searchOption="All",
            searchValue="",
            contactType="Both",
            sortOrder="Name",
            active="Both",
            pageNumber=page,
        )
        return [
            Contact(
                id=one.get("ID", ""),
                name=_text(one, "Name"),
                code=_text(one, "Code"),
                vat_number=_text(one, "VATNumber"),
                enterprise_number=_text(one, "CoCNumber"),
                is_customer=_text(one, "IsCustomer").lower() == "true",
                is_supplier=_text(one, "IsSupplier").lower() == "true",
            )
            for one in found
        ]

    def documents(
        self, *, folder: int, since: date, until: date, first: int = 1, count: int = PAGE
    ) -> list[Document]:
        """A page of a folder of the archive: 1 is purchases, 2 sales, 7 what is to be handled."""
        found = self._ask(
            "SearchDocuments",
            each="Document",
            searchOption="All",
            searchText="",
            folderID=folder,
            tabID=-1,
            sortOrder="CreatedDesc",
            startDate=since,
            endDate=until,
            numberOfRecords=count,
            startRecord=first,
        )
        return [_document(one) for one in found]

    def file(self, *, document_id: str) -> File:
        """The bytes of a document. Raises Unreadable when there are none."""
        for one in self._ask("DocumentFile", each="Document", documentID=document_id):
            try:
                content = base64.b64decode(_text(one, "FileData"), validate=True)
            except binascii.Error as error:
                raise Unreadable("a file that is no base64") from error
            return File(_text(one, "FileName"), content)
        raise Unreadable("no file")

    def _open(self, operation: str, administration_id: str, on: date | None) -> Iterator[OpenItem]:
        values: dict[str, Value] = {
            "administrationID": administration_id,
            "includeBankTransactions": False,
            "sortOrder": "DateAsc",
        }
        if on is not None:
            operation += "ByDateOutstanding"
            values["dateOutstanding"] = on
        for one in self._ask(operation, each="Item", **values):
            yield _open_item(one)

    def _ask(self, operation: str, *, each: str, **values: Value) -> "Iterator[_Element]":
        """Ask with the session; when it has ended, log in once more and ask again."""
        session = self._session(None)
        is_begun = False
        try:
            for element in self._send(operation, each, {"sessionID": session, **values}):
                is_begun = True
                yield element
            return
        except SessionEnded:
            if is_begun:
                raise
        session = self._session(session)
        yield from self._send(operation, each, {"sessionID": session, **values})

    def _send(self, operation: str, each: str, values: dict[str, Value]) -> "Iterator[_Element]":
        return send(self._wire, operation, values, each=each, spend=self._spend)


def log_in(
    wire: Wire, *, access_key: str, spend: Callable[[], None], domain_id: str | None = None
) -> str:
    """A session for an access key, which lasts about a day, in one of the domains it opens.

    Raises ActionNeeded.
    """
    found = send(
        wire, "Authenticate", {"accessKey": access_key}, each="AuthenticateResult", spend=spend
    )
    session = "".join([one.text or "" for one in found])
    if not session:
        raise Unreadable("no session")
    if domain_id is not None:
        chosen: dict[str, Value] = {"sessionID": session, "domainID": domain_id}
        for _ in send(wire, "SetCurrentDomain", chosen, each="", spend=spend):
            pass
    return session


def send(
    wire: Wire,
    operation: str,
    values: dict[str, Value],
    *,
    each: str,
    spend: Callable[[], None],
) -> "Iterator[_Element]":
    """The only way to the wire. Raises NotARead before anything is sent."""
    service = READS.get(operation)
    if service is None:
        raise NotARead(operation)
    spend()
    return wire.elements(service, operation, values, each=each)


def _open_item(one: "_Element") -> OpenItem:
    """An item in one walk over its parts: a list has thousands of them."""
    parts = {_local(part): part for part in one}
    kind = parts.get("Type")
    type_id = kind.get("ID", "") if kind is not None else ""
    said = {name: (part.text or "").strip() for name, part in parts.items()}
    return OpenItem(
        id=one.get("ID", ""),
        dated=_read_day_or_refuse(said.get("Date", "")),
        due=_read_day(said.get("DueDate", "")),
        description=said.get("Description", ""),
        contact=said.get("Contact", ""),
        contact_id=said.get("ContactID", ""),
        contact_code=said.get("ContactCode", ""),
        vat_number=said.get("VATNumber", ""),
        open_amount=_read_amount(said.get("OpenAmount", "")),
        original_amount=_read_amount(said.get("OriginalAmount", "")),
        type_id=int(type_id) if type_id.isdigit() else None,
        reference=said.get("Reference", ""),
        document_id=said.get("DocumentID", ""),
    )


def _document(one: "_Element") -> Document:
    size = _text(one, "FileSize")
    return Document(
        id=one.get("ID", ""),
        subject=_text(one, "Subject"),
        dated=_day(one, "DocumentDate"),
        amount=_amount(one, "Amount") if _text(one, "Amount") else None,
        file_name=_text(one, "FileName"),
        media_type=_text(one, "ContentType"),
        size=int(size) if size.isdigit() else 0,
        contact=_text(one, "ContactName"),
    )


def _text(one: "_Element", name: str) -> str:
    return (one.findtext(f"{{*}}{name}") or "").strip()


def _local(part: "_Element") -> str:
    tag = part.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _amount(one: "_Element", name: str) -> Decimal:
    return _read_amount(_text(one, name))


def _day(one: "_Element", name: str) -> date | None:
    return _read_day(_text(one, name))


def _day_or_refuse(one: "_Element", name: str) -> date:
    return _read_day_or_refuse(_text(one, name))


def _read_amount(text: str) -> Decimal:
    """An amount with a dot; an empty one is nothing."""
    try:
        found = Decimal(text or "0")
    except InvalidOperation as error:
        raise Unreadable("an amount that is no number") from error
    if not found.is_finite():
        raise Unreadable("an amount that is no number")
    return found


def _read_day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError as error:
        raise Unreadable("a date that is none") from error


def _read_day_or_refuse(text: str) -> date:
    found = _read_day(text)
    if found is None:
        raise Unreadable("a date is missing")
    return found
