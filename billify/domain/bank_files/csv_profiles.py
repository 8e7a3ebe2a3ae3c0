"""The exports that Billify knows, as data: names of columns in four languages, marks of banks.

The Belgian ones come from header lines in use, since no bank publishes its layout.
"""

from collections.abc import Sequence

from billify.domain.bank_files.columns import Profile, Role, is_enough, places

_BOOKED = (
    "boekingsdatum",
    "boekdatum",
    "uitvoeringsdatum",
    "transactiedatum",
    "datum",
    "date de comptabilisation",
    "date comptable",
    "date d execution",
    "date de transaction",
    "date d operation",
    "date operation",
    "booking date",
    "execution date",
    "transaction date",
    "completed date",
    "date completed",
    "date completed utc",
    "date",
    "buchungstag",
    "buchungsdatum",
    "buchung",
)
_VALUED = (
    "valutadatum",
    "valuta datum",
    "date valeur",
    "date de valeur",
    "valeur",
    "value date",
    "wertstellung",
    "valutadatum wertstellung",
)
_AMOUNT = (
    "total amount",
    "bedrag",
    "montant",
    "amount",
    "betrag",
    "umsatz",
    "transaction amount",
    "transactiebedrag",
    "bedrag in eur",
    "montant en eur",
    "bedrag eur",
    "amount eur",
)
_CREDIT = ("credit", "bij", "creditbedrag", "paid in", "money in", "haben", "entree", "gutschrift")
_DEBIT = ("debet", "debit", "af", "debetbedrag", "paid out", "money out", "soll", "sortie")
_CURRENCY = (
    "munt",
    "munteenheid",
    "devies",
    "valuta rekening",
    "devise",
    "devise du compte",
    "monnaie",
    "currency",
    "currency account",
    "payment currency",
    "wahrung",
    "muntsoort",
)
_BALANCE = (
    "saldo",
    "saldo na transactie",
    "saldo na verrichting",
    "solde",
    "balance",
    "running balance",
    "kontostand",
)
_ACCOUNT = (
    "rekeningnummer",
    "rekening",
    "eigen rekening",
    "iban rekening",
    "iban bban",
    "numero de compte",
    "compte",
    "account number",
    "account",
    "iban",
    "kontonummer",
    "konto",
    "auftragskonto",
)
_COUNTERPARTY_ACCOUNT = (
    "rekeningnummer tegenpartij",
    "rekening tegenpartij",
    "tegenrekening",
    "tegenrekening iban bban",
    "tegenpartij",
    "numero de compte contrepartie",
    "compte contrepartie",
    "compte partie adverse",
    "compte de la contrepartie",
    "contrepartie",
    "counterparty account",
    "counterparty s account number",
    "counterparty account number",
    "counterparty",
    "beneficiary iban",
    "payee account number",
    "partner iban",
    "gegenkonto",
    "konto der gegenpartei",
    "kontonummer iban",
)
_COUNTERPARTY_NAME = (
    "naam tegenpartij",
    "naam tegenpartij bevat",
    "naam van de tegenpartij",
    "tegenpartij naam",
    "naam omschrijving",
    "nom contrepartie",
    "nom contrepartie contient",
    "nom de la contrepartie",
    "contrepartie nom",
    "counterparty s name",
    "counterparty name",
    "name of the counterparty",
    "counterparty name contains",
    "partner name",
    "beneficiary name",
    "payer name",
    "payer",
    "name der gegenpartei",
    "beguenstigter zahlungspflichtiger",
    "begunstigter zahlungspflichtiger",
    "detail van de omzet",
    "details du mouvement",
    "transaction details",
)
_STRUCTURED = (
    "gestructureerde mededeling",
    "communication structuree",
    "structured reference",
    "structured communication",
    "strukturierte mitteilung",
)
_MESSAGE = (
    "vrije mededeling",
    "mededeling",
    "mededelingen",
    "bericht",
    "communication libre",
    "communication",
    "communications",
    "message",
    "free format reference",
    "free communication",
    "payment reference",
    "verwendungszweck",
    "mitteilung",
    "reference",
)
_DESCRIPTION = (
    "omschrijving",
    "beschrijving",
    "transactie",
    "type verrichting",
    "description",
    "libelles",
    "libelle",
    "transaction",
    "type de transaction",
    "transaction type",
    "details",
    "buchungstext",
    "beschreibung",
    "merchant",
)
_REFERENCE = (
    "volgnummer",
    "referentie",
    "omzetnummer",
    "no de sequence",
    "n de sequence",
    "numero de sequence",
    "numero de mouvement",
    "sequence number",
    "transaction number",
    "transferwise id",
    "id",
)
_STATE = ("status", "statut", "state", "etat", "zustand")
_DIRECTION = ("af bij", "debit credit", "credit debet", "d c", "sens", "soll haben")

GENERAL: dict[Role, tuple[str, ...]] = {
    Role.BOOKED: _BOOKED,
    Role.VALUED: _VALUED,
    Role.AMOUNT: _AMOUNT,
    Role.CREDIT: _CREDIT,
    Role.DEBIT: _DEBIT,
    Role.DIRECTION: _DIRECTION,
    Role.CURRENCY: _CURRENCY,
    Role.BALANCE: _BALANCE,
    Role.ACCOUNT: _ACCOUNT,
    Role.COUNTERPARTY_ACCOUNT: _COUNTERPARTY_ACCOUNT,
    Role.COUNTERPARTY_NAME: _COUNTERPARTY_NAME,
    Role.STRUCTURED: _STRUCTURED,
    Role.MESSAGE: _MESSAGE,
    Role.DESCRIPTION: _DESCRIPTION,
    Role.REFERENCE: _REFERENCE,
    Role.STATE: _STATE,
}
"""The names that mean the same at every bank, the most telling first."""

_REVOLUT = {
    Role.BOOKED: (
        "completed date",
        "date completed utc",
        "date completed",
        "datum voltooid",
        "voltooiingsdatum",
        "date de fin",
        "datum des abschlusses",
        "abschlussdatum",
    ),
    Role.VALUED: ("started date", "date started utc", "date started"),
    Role.AMOUNT: ("total amount", "amount", "bedrag", "montant", "betrag"),
    Role.CREDIT: ("paid in", "money in"),
    Role.DEBIT: ("paid out", "money out"),
    Role.FEE: ("fee", "kosten", "frais", "gebuhr"),
    Role.CURRENCY: ("payment currency", "currency", "valuta", "devise", "wahrung"),
    Role.BALANCE: ("balance", "saldo", "solde", "kontostand"),
    Role.ACCOUNT: ("account",),
    Role.COUNTERPARTY_ACCOUNT: ("beneficiary iban", "beneficiary account number"),
    Role.COUNTERPARTY_NAME: ("beneficiary name", "sender name", "payer"),
    Role.MESSAGE: ("reference",),
    Role.DESCRIPTION: ("description", "beschrijving", "beschreibung"),
    Role.REFERENCE: ("id",),
    Role.STATE: ("state", "status", "etat", "statut"),
    Role.PRODUCT: ("product", "produit", "produkt"),
}
_WISE = {
    Role.BOOKED: ("date",),
    Role.AMOUNT: ("amount",),
    Role.CURRENCY: ("currency",),
    Role.BALANCE: ("running balance",),
    Role.COUNTERPARTY_ACCOUNT: ("payee account number",),
    Role.COUNTERPARTY_NAME: ("payer name",),
    Role.PAYEE: ("payee name", "merchant"),
    Role.MESSAGE: ("payment reference",),
    Role.DESCRIPTION: ("description",),
    Role.REFERENCE: ("transferwise id", "wise id", "id"),
}

PROFILES: tuple[Profile, ...] = (
    Profile(
        "Revolut",
        (
            frozenset({"started date", "completed date"}),
            frozenset({"completed date", "paid out", "paid in"}),
            frozenset({"startdatum", "datum voltooid"}),
            frozenset({"date de debut", "date de fin"}),
            frozenset({"date started", "date completed", "payment currency"}),
            frozenset({"date started", "date completed", "id", "state"}),
            frozenset({"produkt", "gebuhr", "kontostand"}),
        ),
        _REVOLUT,
        is_fee_apart=True,
    ),
    Profile(
        "Wise",
        (
            frozenset({"transferwise id", "amount", "date"}),
            frozenset({"wise id", "amount", "date"}),
            frozenset({"running balance", "payer name", "payee name"}),
        ),
        _WISE,
    ),
    Profile(
        "KBC",
        (
            frozenset({"rubrieknaam", "afschriftnummer"}),
            frozenset({"nom de la rubrique", "communication libre"}),
            frozenset({"heading", "statement number", "free format reference"}),
        ),
        GENERAL | {Role.VALUED: ("valuta", *_VALUED), Role.REFERENCE: ()},
    ),
    Profile(
        "BNP Paribas Fortis",
        (
            frozenset({"volgnummer", "uitvoeringsdatum", "valuta rekening"}),
            frozenset({"date d execution", "devise du compte"}),
            frozenset({"execution date", "currency account"}),
            frozenset({"execution date", "account currency"}),
        ),
        GENERAL,
    ),
    Profile(
        "Belfius",
        (
            frozenset({"rekeninguittrekselnummer", "transactienummer"}),
            frozenset({"numero d extrait", "numero de transaction"}),
            frozenset({"statement number", "transaction number", "street and number"}),
        ),
        GENERAL | {Role.REFERENCE: ()},
    ),
    Profile(
        "ING",
        (
            frozenset({"naam van de rekening", "omzetnummer"}),
            frozenset({"nom du compte", "numero de mouvement"}),
            frozenset({"account name", "transaction number", "counterparty account"}),
            frozenset({"naam omschrijving", "af bij", "mutatiesoort"}),
        ),
        GENERAL | {Role.REFERENCE: ()},
    ),
    Profile(
        "Argenta",
        (
            frozenset({"verrichtingsdatum", "boekdatum"}),
            frozenset({"date d operation", "date comptable", "nom contrepartie"}),
        ),
        GENERAL,
    ),
)

REFUSED = frozenset(
    {
        "geweigerd",
        "refuse",
        "refusee",
        "rejected",
        "refused",
        "declined",
        "failed",
        "reverted",
        "cancelled",
        "canceled",
        "annule",
        "annulee",
        "geannuleerd",
        "abgelehnt",
        "storniert",
        "mislukt",
        "echoue",
        "teruggedraaid",
        "deleted",
    }
)
"""States of movements that never happened."""
WAITING = frozenset(
    {
        "pending",
        "in behandeling",
        "en attente",
        "en cours",
        "ausstehend",
        "wachtend",
        "waiting",
        "processing",
    }
)
"""States of movements that are still to happen; the bank tells them again once booked."""
OUT = frozenset({"af", "debet", "debit", "d", "out", "sortie", "soll", "s"})
LAST_BALANCE = frozenset({"laatste saldo", "dernier solde", "last balance", "letzter saldo"})


def profile_of(header: Sequence[str]) -> Profile | None:
    """The profile whose marks a header carries."""
    names = set(header)
    for profile in PROFILES:
        fits = any(marks <= names for marks in profile.marks)
        if fits and is_enough(places(header, profile.columns)):
            return profile
    return None
