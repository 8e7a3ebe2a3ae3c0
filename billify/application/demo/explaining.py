"""Rules of the demo companies: wages, taxes, the bank and small card payments need no invoice."""

from billify.application import bank_rules
from billify.application.bank_rules import Wanted
from billify.domain.roles import Actor

_RULES = {
    "nl": (
        ("Personeel", "wages"),
        ("Rijksdienst voor Sociale Zekerheid", "social"),
        ("Bedrijfsvoorheffing", "withholding"),
        ("FOD Financiën", "vat"),
        ("Huisbank kosten", "bank"),
        ("Huisbank aflossing", "loans"),
        ("Parking", "travel"),
        ("Tankstation", "travel"),
        ("De Paperclip", "office"),
        ("Doe-het-zelf", "other"),
        ("Horecagroothandel", "goods"),
        ("Bloemen", "meals"),
        ("Dividend", "dividends"),
    ),
    "fr": (
        ("Personnel", "wages"),
        ("Office national de sécurité sociale", "social"),
        ("Précompte professionnel", "withholding"),
        ("SPF Finances", "vat"),
        ("Banque frais", "bank"),
        ("Banque remboursement", "loans"),
        ("Parking", "travel"),
        ("Station-service", "travel"),
        ("Papeterie", "office"),
        ("Dividende", "dividends"),
    ),
}
"""By language: words of a bank line and the category that they stand for, the first that fits."""


def make(*, language: str, by: Actor) -> None:
    """Make the rules and use them on the lines that are there."""
    categories = {one.code: one.id for one in bank_rules.ensure_categories()}
    for words, code in _RULES[language]:
        rule = bank_rules.add(wanted=Wanted(words=words, category_id=categories[code]), by=by)
        bank_rules.run(rule_id=rule.id, by=by)
