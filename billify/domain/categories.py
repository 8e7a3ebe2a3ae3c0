"""The categories a company begins with, for bank lines that settle no invoice."""

from billify.domain.refusal import N_

#: Code and name of each category, in the order they are offered. The class of the Belgian chart of
#: accounts (royal decree of 21 October 2018) they come closest to stands beside them.
CATEGORIES: tuple[tuple[str, str], ...] = (
    ("sales", N_("Sales without invoice")),  # 70
    ("cards", N_("Card terminal and web shop payouts")),  # 70, 58
    ("goods", N_("Goods and materials")),  # 60
    ("rent", N_("Rent and common charges")),  # 610
    ("energy", N_("Energy and water")),  # 612
    ("telecom", N_("Telephone and internet")),  # 612
    ("office", N_("Office and software")),  # 612
    ("travel", N_("Fuel, travel and parking")),  # 613
    ("vehicles", N_("Vehicles and leasing")),  # 613
    ("insurance", N_("Insurance")),  # 614
    ("advice", N_("Accountant and advice")),  # 613
    ("meals", N_("Restaurant and reception")),  # 613
    ("wages", N_("Wages")),  # 62, 455
    ("social", N_("Social security (RSZ-ONSS)")),  # 621, 454
    ("withholding", N_("Payroll tax")),  # 453
    ("self_employed", N_("Social contributions of the self-employed")),  # 618
    ("vat", N_("VAT")),  # 451
    ("income_tax", N_("Income tax and prepayments")),  # 67
    ("other_taxes", N_("Other taxes and duties")),  # 64
    ("bank", N_("Bank costs and interest")),  # 65
    ("loans", N_("Loans")),  # 17, 43
    ("owner", N_("Owner's current account and private")),  # 416, 489
    ("dividends", N_("Dividends")),  # 694
    ("subsidies", N_("Subsidies and refunds of the state")),  # 73, 74
    ("deposits", N_("Deposits and guarantees")),  # 28
    ("cash", N_("Cash withdrawn or paid in")),  # 57
    ("other", N_("Other")),
)
