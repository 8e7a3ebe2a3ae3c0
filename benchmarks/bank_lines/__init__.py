"""Made-up companies with their invoices, bank lines and the truth, for measuring the matcher.

Written before the matcher and without looking at it: wordings, habits and mistakes are those of
Belgian statements, not those the matcher knows. `companies(seed=…, count=…)` yields them.
"""

from benchmarks.bank_lines.company import Company, companies
from benchmarks.bank_lines.crowd import large

__all__ = ["Company", "companies", "large"]
