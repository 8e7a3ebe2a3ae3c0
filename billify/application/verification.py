"""Proofs over what is stored: the audit chain holds, balances equal the lines, open
amounts what settles the invoices."""

from billify.application import audit, cash_flow, matching, people
from billify.data import tenancy


def of_company(*, slug: str) -> list[str]:
    """What does not hold in a company, in words; an empty list when all is well."""
    with tenancy.company_scope(people.company_id(slug=slug)):
        chain = [f"audit row {one.seq}: {one.wrong}" for one in audit.verify()]
        balances = [
            f"balance of account {one.account_id} on {one.day}: kept {one.kept},"
            f" the movements give {one.truth}"
            for one in cash_flow.verify()
        ]
        return chain + balances + matching.verify()
