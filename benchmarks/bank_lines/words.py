"""What people and banks write, by language. Only data.

In templates: {n} what names the invoices, {d} a day, {x} a number that means nothing here,
{c} a customer number, {w} a word for a kind of work, {m} a month.
"""

LANGUAGES = ("nl", "fr", "de", "en")

PAYING = {
    "nl": [
        "factuur {n}",
        "fact {n}",
        "Fact. {n}",
        "betaling factuur {n}",
        "uw factuur {n}",
        "factuurnr {n}",
        "fac {n} dd {d}",
        "{n}",
        "factuur {n} van {d}",
        "FACT NR {n}",
        "betaling van {n}",
        "klantnr {c} factuur {n}",
        "vereffening {n}",
        "uw ref {n} onze ref {x}",
        "{w} factuur {n}",
        "bet. fact. {n}, met dank",
        "fakt {n}",
        "FAKTUUR {n} - {d}",
        "rekening {n}",
        "bestelling {x} / factuur {n}",
    ],
    "fr": [
        "facture {n}",
        "fact {n}",
        "Fact. n° {n}",
        "paiement facture {n}",
        "votre facture {n}",
        "facture n°{n} du {d}",
        "fac {n} dd {d}",
        "{n}",
        "VOTRE FACTURE {n}",
        "FACT {n} merci",
        "règlement {n}",
        "client {c} facture {n}",
        "solde facture {n}",
        "v/ref {n} n/ref {x}",
        "{w} facture {n}",
        "pmt fact {n}",
        "commande {x} facture {n}",
        "FA {n}",
    ],
    "de": [
        "Rechnung {n}",
        "Rechnung Nr. {n}",
        "Rg {n}",
        "RE {n} vom {d}",
        "RG-NR {n}",
        "{n}",
        "Rechnungsnummer {n} Kundennummer {c}",
        "Zahlung Rechnung {n}",
        "Rechn. {n}, danke",
        "{w} Rechnung {n}",
        "Ihre Rechnung {n} unser Zeichen {x}",
        "R.Nr. {n}/{d}",
    ],
    "en": [
        "invoice {n}",
        "inv {n}",
        "Invoice no. {n}",
        "payment invoice {n}",
        "your invoice {n}",
        "inv. {n} dated {d}",
        "{n}",
        "INV {n} PO {x}",
        "payment of {n}",
        "{w} invoice {n}",
        "customer {c} invoice {n}",
        "settlement {n}",
        "our ref {x} your inv {n}",
    ],
}

SILENT = {
    "nl": [
        "",
        "",
        "betaling",
        "zie bijlage",
        "saldo",
        "met dank",
        "overschrijving",
        "{w}",
        "klant {c}",
        "betaling {m}",
        "vereffening",
        "volgens afspraak",
        "openstaand saldo",
    ],
    "fr": [
        "",
        "",
        "paiement",
        "voir annexe",
        "solde",
        "merci",
        "virement",
        "{w}",
        "client {c}",
        "paiement {m}",
        "règlement",
        "comme convenu",
        "solde ouvert",
    ],
    "de": [
        "",
        "",
        "Zahlung",
        "siehe Anlage",
        "Saldo",
        "danke",
        "Überweisung",
        "{w}",
        "Kunde {c}",
        "Zahlung {m}",
        "wie vereinbart",
    ],
    "en": [
        "",
        "",
        "payment",
        "see attachment",
        "balance",
        "thank you",
        "transfer",
        "{w}",
        "customer {c}",
        "payment {m}",
        "as agreed",
    ],
}

SEVERAL = {
    "nl": [
        "facturen {n}",
        "fact {n}",
        "betaling facturen {n}",
        "{n}",
        "uw facturen {n}",
        "fact. {n} samen",
    ],
    "fr": ["factures {n}", "fact {n}", "paiement factures {n}", "{n}", "vos factures {n}"],
    "de": ["Rechnungen {n}", "Rg {n}", "Zahlung Rechnungen {n}", "{n}"],
    "en": ["invoices {n}", "inv {n}", "payment invoices {n}", "{n}", "your invoices {n}"],
}

SEVERAL_SILENT = {
    "nl": ["openstaande facturen", "facturen {m}", "saldo rekening", "overzicht {d}", ""],
    "fr": ["factures ouvertes", "factures {m}", "solde compte", "relevé {d}", ""],
    "de": ["offene Rechnungen", "Rechnungen {m}", "Sammelzahlung {d}", ""],
    "en": ["open invoices", "invoices {m}", "statement {d}", ""],
}

JOIN = {
    "nl": [" en ", " + ", ", ", " / ", " & ", "+", ",", "; "],
    "fr": [" et ", " + ", ", ", " / ", " & ", "+", ",", "; "],
    "de": [" und ", " + ", ", ", " / ", "+", ","],
    "en": [" and ", " + ", ", ", " & ", "+", ","],
}

RANGE = {
    "nl": [" t/m ", " tot ", "-", " - "],
    "fr": [" à ", " au ", "-", " - "],
    "de": [" bis ", "-", " - "],
    "en": [" to ", "-", " - "],
}

CREDIT = {
    "nl": ["CN", "creditnota", "kredietnota", "- CN", "min CN"],
    "fr": ["NC", "note de crédit", "- NC", "moins NC"],
    "de": ["GS", "Gutschrift", "abzgl. Gutschrift"],
    "en": ["CN", "credit note", "less CN"],
}

REST = {
    "nl": ["saldo {n}", "rest factuur {n}", "2de schijf {n}", "restbedrag {n}", "saldo"],
    "fr": ["solde {n}", "reste facture {n}", "2e tranche {n}", "solde"],
    "de": ["Rest Rechnung {n}", "Restzahlung {n}", "Rest"],
    "en": ["balance {n}", "remainder invoice {n}", "2nd part {n}", "rest"],
}

PART = {
    "nl": ["{n} deel 1", "1ste schijf {n}", "voorschot {n}", "deelbetaling {n}", "{n}"],
    "fr": ["{n} partie 1", "1re tranche {n}", "acompte {n}", "paiement partiel {n}", "{n}"],
    "de": ["Teilzahlung {n}", "1. Rate {n}", "{n}"],
    "en": ["{n} part 1", "part payment {n}", "{n}"],
}

REFUND = {
    "nl": ["terugbetaling {n}", "terugbetaling creditnota {n}", "CN {n}"],
    "fr": ["remboursement {n}", "remboursement note de crédit {n}", "NC {n}"],
    "de": ["Erstattung {n}", "Gutschrift {n}"],
    "en": ["refund {n}", "refund credit note {n}", "CN {n}"],
}

RETURNED = {
    "nl": [
        "onbetaalde domiciliëring {n}",
        "TERUGBOEKING DOMICILIERING {n} ONVOLDOENDE SALDO",
        "weigering domiciliëring {n} MD06",
    ],
    "fr": [
        "domiciliation impayée {n}",
        "RETOUR DOMICILIATION {n} PROVISION INSUFFISANTE",
        "refus domiciliation {n} AM04",
    ],
    "de": ["Rücklastschrift {n} AM04", "RUECKLASTSCHRIFT {n}"],
    "en": ["returned direct debit {n} AM04", "UNPAID DIRECT DEBIT {n}"],
}

SENT_BACK = {
    "nl": ["retour overschrijving: rekening afgesloten {n}", "TERUGBETALING AC04 {n}"],
    "fr": ["retour virement: compte clôturé {n}", "RETOUR AC04 {n}"],
    "de": ["Rücküberweisung Konto erloschen {n}"],
    "en": ["returned transfer: account closed {n}"],
}

DIRECT_DEBIT = {
    "nl": "DOMICILIERING MANDAAT {x} {n}",
    "fr": "DOMICILIATION MANDAT {x} {n}",
    "de": "LASTSCHRIFT MANDAT {x} {n}",
    "en": "DIRECT DEBIT MANDATE {x} {n}",
}

WORK = {
    "nl": ["onderhoud", "levering", "werken", "huur", "advies", "drukwerk"],
    "fr": ["entretien", "livraison", "travaux", "loyer", "conseil", "impression"],
    "de": ["Wartung", "Lieferung", "Miete", "Beratung"],
    "en": ["maintenance", "delivery", "rent", "consulting"],
}

MONTHS = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "en": "January February March April May June July August September October November December",
}

#: What a bank puts around a message; {t} is the message.
AROUND = [
    "EUROPESE OVERSCHRIJVING {t}",
    "VIREMENT EN EUROS {t}",
    "{t} REF. : {x}{x} VAL. {d}",
    "INSTANTOVERSCHRIJVING MEDEDELING: {t}",
    "COMMUNICATION : {t}",
    "/REMI/{t}/EREF/NOTPROVIDED",
    "EREF+NOTPROVIDED SVWZ+{t}",
    "SEPA CREDIT TRANSFER {t}",
    "mededeling: {t} uitgevoerd op {d}",
    "VERSEMENT DE TIERS {t} EXECUTE LE {d}",
    "{t} BANKREFERENTIE: {x}{x}{x}",
]

CARDS = [
    "BETALING MET DEBETKAART {x} {s} {d}",
    "PAIEMENT PAR CARTE {x} {s}",
    "VISA {s} {d}",
    "KARTENZAHLUNG {s} {d}",
    "BANCONTACT {s} {x}",
    "GELDOPNEMING {x}",
    "RETRAIT BANCONTACT {x}",
]
SHOPS = [
    "COLRUYT 3112",
    "Q8 AALST",
    "TOTAL NIVELLES",
    "BOL.COM",
    "HORNBACH",
    "NMBS",
    "SHELL 401",
    "IKEA GENT",
    "BRICO",
    "AMZN Mktp DE",
    "RESTAURANT LE PAIN",
    "PARKING Q-PARK",
]
WAGES = {
    "nl": ["loon {m}", "LOON", "wedde {m}", "voorschot loon", "vakantiegeld"],
    "fr": ["salaire {m}", "SALAIRE", "avance salaire", "pécule de vacances"],
    "de": ["Lohn {m}", "Gehalt"],
    "en": ["salary {m}"],
}
OFFICES = [
    "FOD FINANCIEN",
    "SPF FINANCES",
    "RSZ-ONSS",
    "INNING BTW",
    "ACERTA SVF",
    "PARTENA",
    "VLAAMSE BELASTINGDIENST",
    "BEDRIJFSVOORHEFFING",
    "GEMEENTE",
    "LIANTIS",
]
BANK_COSTS = [
    "Beheerskosten rekening",
    "Frais de gestion",
    "Kontoführung",
    "KOSTEN KREDIETKAART",
    "Intérêts débiteurs",
    "Debetrente",
    "Kosten buitenlandse overschrijving",
]
TERMINALS = [
    "WORLDLINE {x} AFREKENING {d}",
    "PAYCONIQ BY BANCONTACT {d} {x}",
    "MOLLIE SETTLEMENT {x}",
    "STRIPE PAYOUT {x}",
    "CCV REMISE {x}",
    "EDENRED TICKETS {x}",
    "SUMUP PAYOUT {d}",
]
OTHER_IN = [
    "rekening-courant",
    "compte courant",
    "inbreng vennoot",
    "subsidie {x}",
    "prime {x}",
    "terugbetaling belasting {x}",
    "remboursement sinistre {x}",
    "huurwaarborg",
    "voorschot bestelling {x}",
    "acompte commande {x}",
    "gift",
    "Anzahlung Auftrag {x}",
    "lening",
    "interest",
    "deposit order {x}",
]
OTHER_OUT = [
    "lening {x} kapitaal+interest",
    "crédit {x} échéance",
    "leasing {x}",
    "premie polis {x}",
    "prime police {x}",
    "huur {m}",
    "loyer {m}",
    "verkeersboete {x}",
    "sponsoring",
    "rekening-courant",
    "onkosten {m}",
    "note de frais {m}",
    "dividend",
]
OWN = [
    "eigen rekening",
    "naar spaarrekening",
    "virement interne",
    "transfert",
    "Umbuchung",
    "overboeking",
    "",
    "aanvulling zichtrekening",
    "savings",
]
THIRD_PARTIES = [
    "KBC Commercial Finance NV",
    "BNP Paribas Fortis Factor",
    "Boekhoudkantoor Segers",
    "Fiduciaire du Parc SRL",
    "Ethias Verzekeringen",
    "AXA Belgium",
    "OCMW Gent",
    "CPAS de Liège",
    "Grenke Lease",
    "Notaris Claes",
    "Syndic Immo Plus",
]
