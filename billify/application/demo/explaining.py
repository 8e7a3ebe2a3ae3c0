"""Rules of the demo companies: wages, taxes, the bank and small card payments need no invoice."""

from billify.application import bank_rules
from billify.application.bank_rules import Wanted
from billify.domain.roles import Actor

_RULES = (
    ("Personeel", "wages"),
    ("Rijksdienst voor Sociale Zekerheid", "social"),
    ("FOD Financiën", "other_taxes"),
    ("Huisbank kosten", "bank"),
    ("Huisbank aflossing", "loans"),
    ("Parking", "travel"),
    ("Dividend", "dividends"),
)
"""Words of a bank line and the category that they stand for."""


def make(*, by: Actor) -> None:
    """Make the rules and use them on the lines that are there."""
    categories = {one.code: one.id for one in bank_rules.ensure_categories()}
    for words, code in _RULES:
        rule = bank_rules.add(wanted=Wanted(words=words, category_id=categories[code]), by=by)
        bank_rules.run(rule_id=rule.id, by=by)
