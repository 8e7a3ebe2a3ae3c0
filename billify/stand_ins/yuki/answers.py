"""Which answer belongs to which call, as an old ASP.NET service gives it."""

import base64
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from billify.stand_ins.serving import Answer, Request
from billify.stand_ins.yuki.world import Books, Document, Item, Session, World

NAMESPACE = "http://www.theyukicompany.com/"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
MEDIA = "text/xml; charset="
TYPES = {
    "nl": {6: "Verkoopfactuur", 2: "Inkoopfactuur", 21: "Memoriaal"},
    "fr": {6: "Facture de vente", 2: "Facture d'achat", 21: "Opération diverse"},
    "en": {6: "Sales invoice", 2: "Purchase invoice", 21: "Sundry entry"},
}


class Fault(Exception):
    """What the service refuses, in its words."""


@dataclass(slots=True)
class Call:
    """An operation and its parameters by their names; a name that is not known is not there."""

    operation: str
    values: dict[str, str]

    def value(self, name: str) -> str:
        """A parameter; what is missing is null there, which is nothing here."""
        return self.values.get(name, "")

    def day(self, name: str) -> date:
        """A dateTime as a day."""
        try:
            return date.fromisoformat(self.value(name)[:10])
        except ValueError:
            raise Fault(f"Input string was not in a correct format: {name}") from None

    def number(self, name: str) -> int:
        """A whole number."""
        try:
            return int(self.value(name))
        except ValueError:
            raise Fault(f"Input string was not in a correct format: {name}") from None


def answer(world: World, asked: Request) -> Answer:
    """The answer to a call, as Yuki would give it."""
    try:
        call = _call(asked)
        with world.lock:
            world.calls[call.operation] += 1
            result = _result(world, call)
    except Fault as fault:
        return fault_answer(str(fault), world.behaviour.charset)
    body = f'<{call.operation}Response xmlns="{NAMESPACE}">{result}</{call.operation}Response>'
    return _soap(200, body, world.behaviour.charset)


def fault_answer(text: str, charset: str = "utf-8") -> Answer:
    """A SOAP fault."""
    said = escape(f"System.Web.Services.Protocols.SoapException: {text}")
    body = (
        "<soap:Fault><faultcode>soap:Server</faultcode>"
        f"<faultstring>{said}</faultstring><detail/></soap:Fault>"
    )
    return _soap(500, body, charset)


def _soap(status: int, body: str, charset: str) -> Answer:
    whole = (
        f'<?xml version="1.0" encoding="{charset}"?>'
        f'<soap:Envelope xmlns:soap="{SOAP}"><soap:Body>{body}</soap:Body></soap:Envelope>'
    )
    return Answer(status, whole.encode(charset, "xmlcharrefreplace"), media_type=MEDIA + charset)


def _call(asked: Request) -> Call:
    action = asked.headers.get("soapaction", "").strip('"')
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        root = etree.fromstring(asked.body, parser)
    except etree.XMLSyntaxError:
        raise Fault("Server was unable to read request.") from None
    found = root.find(f"{{{SOAP}}}Body/*")
    if found is None or found.tag != f"{{{NAMESPACE}}}{action.removeprefix(NAMESPACE)}":
        raise Fault("Server did not recognize the value of HTTP Header SOAPAction.")
    inside = {etree.QName(one).localname: one.text or "" for one in found}
    return Call(etree.QName(found).localname, inside)


def _result(world: World, call: Call) -> str:
    if call.operation == "Authenticate":
        return _tag("AuthenticateResult", _log_in(world, call.value("accessKey")))
    handle = OPERATIONS.get(call.operation)
    if handle is None:
        raise Fault("Server did not recognize the value of HTTP Header SOAPAction.")
    session = _session(world, call.value("sessionID"))
    _spend(world, session)
    return handle(world, session, call)


def _log_in(world: World, access_key: str) -> str:
    domains = world.keys.get(access_key)
    if not domains:
        raise Fault("Invalid access key")
    session = Session(access_key, domains[0], world.behaviour.session_calls)
    _spend(world, session)
    key = str(uuid.uuid4())
    world.sessions[key] = session
    return key


def _session(world: World, key: str) -> Session:
    session = world.sessions.get(key)
    if session is None or session.calls_left == 0:
        world.sessions.pop(key, None)
        raise Fault("Invalid session ID")
    if session.calls_left is not None:
        session.calls_left -= 1
    return session


def _spend(world: World, session: Session) -> None:
    cap, key = world.behaviour.daily_cap, (session.domain.id, world.today)
    if cap is not None and world.spent[key] >= cap:
        raise Fault("The daily limit of web service calls has been exceeded")
    world.spent[key] += 1
    if not session.domain.is_active:
        raise Fault("The domain is inactive")


def _books(session: Session, call: Call) -> Books:
    wanted = call.value("administrationID")
    for books in session.domain.books:
        if books.id == wanted:
            return books
    raise Fault("Invalid administration ID")


def _domains(world: World, session: Session, _call: Call) -> str:
    inside = "".join(
        f"<Domain ID={quoteattr(one.id)}>{_tag('Name', one.name)}<URL/></Domain>"
        for one in world.keys[session.access_key]
    )
    return _free("DomainsResult", "Domains", inside)


def _choose(world: World, session: Session, call: Call) -> str:
    for one in world.keys[session.access_key]:
        if one.id == call.value("domainID"):
            session.domain = one
            return ""
    raise Fault("No rights to this domain")


def _administrations(_world: World, session: Session, _call: Call) -> str:
    inside = "".join(
        f"<Administration ID={quoteattr(one.id)}>{_tag('Name', one.name)}<AddressLine/><Postcode/>"
        f"<City/><Country>BE</Country><CoCNumber/>{_tag('VATNumber', one.vat_number)}"
        f"<StartDate>2020-01-01</StartDate>{_tag('DomainID', session.domain.id)}"
        f"{_tag('Active', str(one.is_active).lower())}</Administration>"
        for one in session.domain.books
    )
    return _free("AdministrationsResult", "Administrations", inside)


def _receivables(world: World, session: Session, call: Call) -> str:
    return _items(world, call, _books(session, call).receivables)


def _payables(world: World, session: Session, call: Call) -> str:
    return _items(world, call, _books(session, call).payables)


def _items(world: World, call: Call, items: Iterable[Item]) -> str:
    orders = [f"{name}{way}" for name in ("Contact", "Amount", "Date") for way in ("Asc", "Desc")]
    if call.value("sortOrder") not in orders:
        raise Fault("Instance validation error: sortOrder")
    if call.operation.endswith("ByDateOutstanding"):
        on = call.day("dateOutstanding")
        items = [one for one in items if one.dated <= on]
    listed = sorted((one for one in items if one.left), key=lambda one: (one.dated, one.id))
    name = call.operation
    # As the service does: nothing at all in place of an empty list.
    if not listed:
        return f"<{name}Result/>"
    types = TYPES[world.behaviour.language]
    return _free(f"{name}Result", name, "".join(_item(one, types) for one in listed))


def _item(one: Item, types: dict[int, str]) -> str:
    return (
        f"<Item ID={quoteattr(one.id)}>{_tag('Date', one.dated.isoformat())}"
        f"{_tag('Description', one.description or one.reference)}{_tag('Contact', one.contact)}"
        f"{_tag('ContactID', one.contact_id)}{_tag('OpenAmount', _amount(one.left))}"
        f"{_tag('OriginalAmount', _amount(one.original))}"
        f"<Type ID={quoteattr(str(one.type_id))}>{escape(types.get(one.type_id, ''))}</Type>"
        f"{_tag('Reference', one.reference)}"
        f"{_tag('DueDate', one.due.isoformat() if one.due else '')}"
        f"{_tag('DocumentID', one.document_id)}<PaymentMethod/>{_tag('ContactCode', one.code)}"
        f"<CoCNumber/>{_tag('VATNumber', one.vat_number)}<AddressLine_1/><Postcode/><City/>"
        "<Country/></Item>"
    )


def _balances(_world: World, session: Session, call: Call) -> str:
    books, until = _books(session, call), call.day("transactionDate")
    sums: dict[str, Decimal] = {}
    for entry in books.ledger:
        if entry.dated <= until:
            sums[entry.account] = sums.get(entry.account, Decimal(0)) + entry.amount
    inside = "".join(
        f'<GLAccount Code={quoteattr(code)} BalanceType="{"W" if code[0] in "67" else "B"}">'
        f"{_tag('Description', books.accounts.get(code, ''))}{_tag('Amount', _amount(total))}"
        "</GLAccount>"
        for code, total in sorted(sums.items())
    )
    return _free("GLAccountBalanceResult", "GLAccountBalance", inside)


def _ledger(_world: World, session: Session, call: Call) -> str:
    books, code = _books(session, call), call.value("GLAccountCode")
    since, until = call.day("StartDate"), call.day("EndDate")
    inside = "".join(
        f"<GLAccountTransaction ID={quoteattr(one.id)}>{_tag('Date', one.dated.isoformat())}"
        f"{_tag('Description', one.description)}{_tag('Amount', _amount(one.amount))}"
        f'{_tag("Contact", one.contact)}<ContactID/><Project Code=""/>'
        f"{_tag('GLAccountCode', one.account)}</GLAccountTransaction>"
        for one in books.ledger
        if one.account == code and since <= one.dated <= until
    )
    return _free("GLAccountTransactionsResult", "GLAccountTransactions", inside)


def _contacts(_world: World, session: Session, call: Call) -> str:
    found: dict[str, tuple[Item, set[str]]] = {}
    for books in session.domain.books:
        for side, items in (("customer", books.receivables), ("supplier", books.payables)):
            for item in items:
                found.setdefault(item.contact_id, (item, set()))[1].add(side)
    first = (call.number("pageNumber") - 1) * 100
    inside = "".join(
        f"<Contact ID={quoteattr(key)}><Type>Company</Type>{_tag('Code', item.code)}"
        f"{_tag('Name', item.contact)}{_tag('VATNumber', item.vat_number)}<CoCNumber/>"
        "<Created>4/10/2019 3:50:52 PM</Created>"
        f"{_tag('IsSupplier', str('supplier' in sides).lower())}"
        f"{_tag('IsCustomer', str('customer' in sides).lower())}</Contact>"
        for key, (item, sides) in list(found.items())[first : first + 100]
    )
    return _free("GetSuppliersAndCustomersResult", "Contacts", inside)


def _documents(_world: World, session: Session, call: Call) -> str:
    since, until = call.day("startDate"), call.day("endDate")
    found = [
        one
        for one in _archive(session)
        if one.folder == call.number("folderID") and since <= one.dated <= until
    ]
    first = max(call.number("startRecord") - 1, 0)
    inside = "".join(
        f"<Document ID={quoteattr(one.id)}>{_tag('Subject', one.subject)}"
        f"{_tag('DocumentDate', one.dated.isoformat())}"
        f"{_tag('Amount', '' if one.amount is None else _amount(one.amount))}"
        f'<Folder ID="{one.folder}"/>{_tag("FileName", one.name)}'
        f"<ContentType>application/pdf</ContentType>{_tag('FileSize', str(len(one.content)))}"
        f"{_tag('ContactName', one.contact)}</Document>"
        for one in found[first : first + call.number("numberOfRecords")]
    )
    return _free("SearchDocumentsResult", "Documents", inside)


def _file(_world: World, session: Session, call: Call) -> str:
    for one in _archive(session):
        if one.id == call.value("documentID"):
            data = base64.b64encode(one.content).decode()
            inside = (
                f"{_tag('FileName', one.name)}{_tag('FileSize', str(len(one.content)))}"
                f"{_tag('FileData', data)}"
            )
            return (
                f'<DocumentFileResult><Document xmlns="">{inside}</Document></DocumentFileResult>'
            )
    raise Fault("Document not found")


def _archive(session: Session) -> Iterable[Document]:
    return (one for books in session.domain.books for one in books.documents)


def _free(result: str, container: str, inside: str) -> str:
    """A result whose one child has no namespace."""
    return f'<{result}><{container} xmlns="">{inside}</{container}></{result}>'


def _tag(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>" if text else f"<{name} />"


def _amount(amount: Decimal) -> str:
    return f"{amount:.2f}"


OPERATIONS: dict[str, Callable[[World, Session, Call], str]] = {
    "Domains": _domains,
    "SetCurrentDomain": _choose,
    "Administrations": _administrations,
    "OutstandingDebtorItems": _receivables,
    "OutstandingDebtorItemsByDateOutstanding": _receivables,
    "OutstandingCreditorItems": _payables,
    "OutstandingCreditorItemsByDateOutstanding": _payables,
    "GLAccountBalance": _balances,
    "GLAccountTransactions": _ledger,
    "GetSuppliersAndCustomers": _contacts,
    "SearchDocuments": _documents,
    "DocumentFile": _file,
}
