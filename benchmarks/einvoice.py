"""How exactly e-invoices are read: `benchmarks/einvoice.py [--wrong] [--json] [FOLDER…]`.

BILLIFY_DATA names the folder that holds peppol/ (default ../shared/data). Each UBL file is read by
`billify einvoice read`'s own way, and once more by a second, independent reading: the standard
library's parser and a table of paths. Compared are

* every term of the table, header and lines;
* the index beside the samples (type, currency, VAT groups, lines, amount due);
* the leaves: each text and attribute value of the file must turn up in what was read;
* the rules: what the index marks as valid against EN 16931 must break none of ours.

The same invoices are then written as CII D16B and ZUGFeRD 1 and inside a PDF, and read again.
"""

import argparse
import json
import os
import re
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import Counter
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

from billify.domain.einvoice import as_fields  # noqa: E402
from billify.domain.einvoice.read import read  # noqa: E402
from billify.domain.refusal import Refusal  # noqa: E402
from billify.integrations import documents  # noqa: E402

DATA = Path(os.environ.get("BILLIFY_DATA", HERE.parent / "shared" / "data"))
_SUPPLIER, _BUYER = "AccountingSupplierParty/Party", "AccountingCustomerParty/Party"
_LEGAL = "PartyLegalEntity"
HEADER = {
    "invoice_number": "ID",
    "type": "InvoiceTypeCode|CreditNoteTypeCode",
    "issue_date": "IssueDate",
    "due_date": "DueDate|PaymentMeans/PaymentDueDate",
    "tax_point_date": "TaxPointDate",
    "currency": "DocumentCurrencyCode",
    "tax_currency": "TaxCurrencyCode",
    "specification": "CustomizationID",
    "process": "ProfileID",
    "accounting_cost": "AccountingCost",
    "buyer_reference": "BuyerReference",
    "order_reference": "OrderReference/ID",
    "sales_order": "OrderReference/SalesOrderID",
    "contract_reference": "ContractDocumentReference/ID",
    "project_reference": "ProjectReference/ID|"
    "AdditionalDocumentReference[DocumentTypeCode='50']/ID",
    "tender_reference": "OriginatorDocumentReference/ID",
    "despatch_reference": "DespatchDocumentReference/ID",
    "receipt_reference": "ReceiptDocumentReference/ID",
    "period_start": "InvoicePeriod/StartDate",
    "period_end": "InvoicePeriod/EndDate",
    "supplier_name": f"{_SUPPLIER}/{_LEGAL}/RegistrationName",
    "supplier_trading_name": f"{_SUPPLIER}/PartyName/Name",
    "supplier_legal_id": f"{_SUPPLIER}/{_LEGAL}/CompanyID",
    "supplier_legal_form": f"{_SUPPLIER}/{_LEGAL}/CompanyLegalForm",
    "supplier_endpoint": f"{_SUPPLIER}/EndpointID",
    "supplier_street": f"{_SUPPLIER}/PostalAddress/StreetName",
    "supplier_street_additional": f"{_SUPPLIER}/PostalAddress/AdditionalStreetName",
    "supplier_street_third": f"{_SUPPLIER}/PostalAddress/AddressLine/Line",
    "supplier_postcode": f"{_SUPPLIER}/PostalAddress/PostalZone",
    "supplier_city": f"{_SUPPLIER}/PostalAddress/CityName",
    "supplier_subdivision": f"{_SUPPLIER}/PostalAddress/CountrySubentity",
    "supplier_country": f"{_SUPPLIER}/PostalAddress/Country/IdentificationCode",
    "supplier_contact": f"{_SUPPLIER}/Contact/Name",
    "supplier_phone": f"{_SUPPLIER}/Contact/Telephone",
    "supplier_email": f"{_SUPPLIER}/Contact/ElectronicMail",
    "buyer_name": f"{_BUYER}/{_LEGAL}/RegistrationName",
    "buyer_trading_name": f"{_BUYER}/PartyName/Name",
    "buyer_legal_id": f"{_BUYER}/{_LEGAL}/CompanyID",
    "buyer_endpoint": f"{_BUYER}/EndpointID",
    "buyer_street": f"{_BUYER}/PostalAddress/StreetName",
    "buyer_postcode": f"{_BUYER}/PostalAddress/PostalZone",
    "buyer_city": f"{_BUYER}/PostalAddress/CityName",
    "buyer_country": f"{_BUYER}/PostalAddress/Country/IdentificationCode",
    "buyer_contact": f"{_BUYER}/Contact/Name",
    "buyer_phone": f"{_BUYER}/Contact/Telephone",
    "buyer_email": f"{_BUYER}/Contact/ElectronicMail",
    "payee_name": "PayeeParty/PartyName/Name",
    "tax_representative_name": "TaxRepresentativeParty/PartyName/Name",
    "delivery_date": "Delivery/ActualDeliveryDate",
    "delivery_location": "Delivery/DeliveryLocation/ID",
    "delivery_country": "Delivery/DeliveryLocation/Address/Country/IdentificationCode",
    "payment_means": "PaymentMeans/PaymentMeansCode",
    "iban": "PaymentMeans/PayeeFinancialAccount/ID",
    "account_name": "PaymentMeans/PayeeFinancialAccount/Name",
    "bic": "PaymentMeans/PayeeFinancialAccount/FinancialInstitutionBranch/ID",
    "payment_reference": "PaymentMeans/PaymentID",
    "mandate": "PaymentMeans/PaymentMandate/ID",
    "payment_terms": "PaymentTerms/Note",
    "line_total": "LegalMonetaryTotal/LineExtensionAmount",
    "net_amount": "LegalMonetaryTotal/TaxExclusiveAmount",
    "gross_amount": "LegalMonetaryTotal/TaxInclusiveAmount",
    "allowance_total": "LegalMonetaryTotal/AllowanceTotalAmount",
    "charge_total": "LegalMonetaryTotal/ChargeTotalAmount",
    "prepaid_amount": "LegalMonetaryTotal/PrepaidAmount",
    "rounding_amount": "LegalMonetaryTotal/PayableRoundingAmount",
    "payable": "LegalMonetaryTotal/PayableAmount",
}
LINE = {
    "number": "ID",
    "description": "Item/Name",
    "details": "Item/Description",
    "note": "Note",
    "quantity": "InvoicedQuantity|CreditedQuantity",
    "net_amount": "LineExtensionAmount",
    "unit_price": "Price/PriceAmount",
    "price_quantity": "Price/BaseQuantity",
    "gross_price": "Price/AllowanceCharge/BaseAmount",
    "price_discount": "Price/AllowanceCharge/Amount",
    "vat_category": "Item/ClassifiedTaxCategory/ID",
    "vat_rate": "Item/ClassifiedTaxCategory/Percent",
    "period_start": "InvoicePeriod/StartDate",
    "period_end": "InvoicePeriod/EndDate",
    "order_line": "OrderLineReference/LineID",
    "object_id": "DocumentReference/ID",
    "buyer_item": "Item/BuyersItemIdentification/ID",
    "seller_item": "Item/SellersItemIdentification/ID",
    "standard_item": "Item/StandardItemIdentification/ID",
    "origin": "Item/OriginCountry/IdentificationCode",
    "accounting_cost": "AccountingCost",
}
RATE = {
    "category": "TaxCategory/ID",
    "rate": "TaxCategory/Percent",
    "base": "TaxableAmount",
    "amount": "TaxAmount",
    "exemption_reason": "TaxCategory/TaxExemptionReason",
    "exemption_code": "TaxCategory/TaxExemptionReasonCode",
}
#: What says nothing about this invoice: names of schemes and of versions.
SILENT = {"UBLVersionID", "TaxScheme", "DocumentTypeCode", "ChargeIndicator"}
SILENT_ATTRIBUTES = {
    "currencyID", "unitCode", "schemeLocation", "schemaLocation", "listVersionID", "listAgencyID",
    "schemeAgencyID", "schemeAgencyName", "schemeName", "schemeVersionID", "listName", "languageID",
    "characterSetCode", "encodingCode", "format", "uri", "unitCodeListID", "listID", "schemeID",
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folders", nargs="*", type=Path, default=[DATA / "peppol"])
    parser.add_argument("--wrong", action="store_true", help="show what was not read right")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    files = sorted(path for folder in args.folders for path in folder.rglob("*.xml"))
    index = indexed(args.folders[0] / "INDEX.md")
    rows = {"terms": Counter(), "index": Counter(), "leaves": Counter(), "rules": Counter()}
    wrong: list[str] = []
    seconds, size = 0.0, 0
    for path in files:
        content = path.read_bytes()
        start = time.perf_counter()
        try:
            found = as_fields.fields(read(content))
        except Refusal as refusal:
            wrong.append(f"{path.name}: {refusal}")
            continue
        seconds += time.perf_counter() - start
        size += len(content)
        tree = plain(content)
        tally(rows["terms"], wrong, path, terms(tree, found))
        tally(rows["leaves"], wrong, path, leaves(tree, found))
        if path.name in index:
            tally(rows["index"], wrong, path, compared_with_index(index[path.name], found))
            tally(rows["rules"], wrong, path, compared_with_signs(index[path.name], content))
    result: dict[str, Any] = {
        name: {"right": row[True], "of": row[True] + row[False]} for name, row in rows.items()
    }
    result |= {"files": len(files), "milliseconds_a_file": round(1000 * seconds / len(files), 2)}
    result["written_again"] = written_again(files)
    result["megabytes_a_second"] = round(size / seconds / 1e6, 1)
    if args.json:
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name:22} {value}")
    if args.wrong:
        print(*wrong, sep="\n")


def plain(content: bytes) -> ET.Element:
    """The tree by the standard library, without namespaces."""
    root = ET.fromstring(content)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


def tally(
    row: Counter[bool], wrong: list[str], path: Path, facts: list[tuple[str, Any, Any]]
) -> None:
    for name, truth, guess in facts:
        is_right = same(truth, guess)
        row[is_right] += 1
        if not is_right:
            wrong.append(f"{path.name}: {name}: {truth!r} is stated, {guess!r} was read")


def same(truth: Any, guess: Any) -> bool:
    """Equal but for spaces, and as a number where both are one."""
    if truth is None or guess is None:
        return truth in (None, "") and guess in (None, "")
    one, other = re.sub(r"\s", "", str(truth)), re.sub(r"\s", "", str(guess))
    try:
        return one == other or Decimal(one) == Decimal(other)
    except InvalidOperation:
        return False


def terms(tree: ET.Element, found: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """Every term of the tables: its name, what the file states, what was read."""
    facts = [(name, at(tree, path), found.get(name)) for name, path in HEADER.items()]
    lines = tree.findall("InvoiceLine") or tree.findall("CreditNoteLine")
    facts.append(("lines", len(lines), len(found.get("line_items", []))))
    for number, (line, guess) in enumerate(zip(lines, found.get("line_items", []), strict=False)):
        facts += [
            (f"line {number + 1} {name}", at(line, path), guess.get(name))
            for name, path in LINE.items()
        ]
    rates = tree.findall("TaxTotal/TaxSubtotal")
    for rate, guess in zip(rates, found.get("vat_breakdown", []), strict=False):
        for name, path in RATE.items():
            truth = at(rate, path)
            facts.append(
                (f"vat {name}", "0" if name == "rate" and not truth else truth, guess.get(name))
            )
    facts.append(("vat rows", len(rates), len(found.get("vat_breakdown", []))))
    for who, role in ((_SUPPLIER, "supplier"), (_BUYER, "buyer")):
        for tax in tree.findall(f"{who}/PartyTaxScheme"):
            stated = at(tax, "CompanyID")
            name = "vat" if at(tax, "TaxScheme/ID") == "VAT" else "tax_number"
            if name == "vat":  # kept without dots
                stated = re.sub(r"[\W_]", "", stated or "")
            facts.append((f"{role}_{name}", stated, found.get(f"{role}_{name}")))
    return facts


def at(element: ET.Element, paths: str) -> str | None:
    for path in paths.split("|"):
        texts = [(one.text or "").strip() for one in element.findall(path)]
        if any(texts):
            return next(text for text in texts if text)
    return None


def leaves(tree: ET.Element, found: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """Each text of the file, looked for among all that was read."""
    kept = {re.sub(r"\s", "", text) for text in _texts(found)}
    bare = {re.sub(r"[\W_]", "", text) for text in kept}
    numbers = {Decimal(text) for text in kept if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text)}
    together = " ".join(kept)
    facts = []
    for element, above in _walk(tree, ()):
        text = re.sub(r"\s", "", element.text or "")
        if len(element) or not text or SILENT & {*above, element.tag}:
            continue
        if element.tag == "EmbeddedDocumentBinaryObject":
            text = re.sub(r"\s", "", element.get("filename", ""))
        if element.tag == "CompanyID":  # VAT numbers are kept without dots
            text = re.sub(r"[\W_]", "", text)
        is_there = (
            text in kept | bare or (len(text) > 3 and text in together) or _number(text) in numbers
        )
        facts.append(("/".join((*above, element.tag)), text, text if is_there else None))
        for name, value in element.attrib.items():
            attribute = name.rpartition("}")[2]
            if attribute not in SILENT_ATTRIBUTES and value.strip():
                is_there = re.sub(r"\s", "", value) in kept
                facts.append((f"@{attribute}", value, value if is_there else None))
    return facts


def _walk(element: ET.Element, above: tuple[str, ...]) -> Any:
    yield element, above
    for child in element:
        yield from _walk(child, (*above, element.tag))


def _texts(value: Any) -> Any:
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)
    else:
        yield str(value)


def _number(text: str) -> Decimal | None:
    return Decimal(text) if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) else None


def indexed(path: Path) -> dict[str, list[str]]:
    """The rows of the index by file name."""
    if not path.exists():
        return {}
    rows = [
        [cell.strip() for cell in line.strip("|\n").split("|")]
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and ".xml" in line
    ]
    return {row[0].rpartition("/")[2]: row for row in rows if len(row) == 8}


def compared_with_index(row: list[str], found: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    groups = ", ".join(
        f"{one['category']} {Decimal(one['rate']).normalize():f}" for one in found["vat_breakdown"]
    )
    return [
        ("type", row[2], found["type"]),
        ("currency", row[3], found["currency"]),
        ("VAT groups", row[4], groups),
        ("lines", row[5], len(found["line_items"])),
        ("payable", row[6], found["payable"]),
    ]


def compared_with_signs(row: list[str], content: bytes) -> list[tuple[str, Any, Any]]:
    """What is valid at the layer `en` breaks none of our rules of EN 16931, and the other way."""
    broken = documents.open_einvoice(content).violations
    ours = [one["rule"] for one in broken if one["rule"].startswith("BR-")]
    return [("valid against EN 16931", "en+" in row[7], not ours)]


def written_again(files: list[Path]) -> dict[str, str]:
    """The same e-invoices as CII, as ZUGFeRD 1 and as CII inside a PDF: how many read alike."""
    import pypdfium2

    from tests.domain.einvoice import made
    from tests.domain.einvoice.written import Writer
    from tests.integrations.papers import pdf

    right: Counter[str] = Counter()
    fields: Counter[str] = Counter()
    for path in files:
        stated = made.comparable(read(path.read_bytes()))
        for name, writer in (("cii", Writer()), ("zugferd1", Writer(old=True))):
            again = made.comparable(read(writer.invoice(stated)))
            truth, guess = as_fields.fields(stated), as_fields.fields(again)
            fields[name] += sum(truth.get(key) == guess.get(key) for key in {*truth, *guess})
            fields[f"{name} of"] += len({*truth, *guess})
            right[name] += truth == guess
        with tempfile.TemporaryDirectory() as folder:
            document = pypdfium2.PdfDocument(pdf(["Factuur"]))
            document.new_attachment("factur-x.xml").set_data(Writer().invoice(stated))
            document.save(Path(folder) / "a.pdf")
            inside = documents.open_einvoice((Path(folder) / "a.pdf").read_bytes())
            right["cii in pdf"] += inside.fields == as_fields.fields(read(Writer().invoice(stated)))
    return {
        name: f"{right[name]} of {len(files)} files"
        + (f", {fields[name]} of {fields[f'{name} of']} fields" if fields[name] else "")
        for name in right
    }


if __name__ == "__main__":
    main()
