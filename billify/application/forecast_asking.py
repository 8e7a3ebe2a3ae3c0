"""Asking for a forecast: within the transaction that moves money, once however often it does."""

from functools import partial
from uuid import UUID

from billify.application import jobs
from billify.data import tenancy
from billify.data.db import before_commit


def ask() -> None:
    """Have the company's forecast made anew once the running transaction is committed."""
    company_id = tenancy.company_id()
    before_commit(f"forecast of {company_id}", partial(_write, company_id))


def _write(company_id: UUID) -> None:
    """Each transaction writes a job of its own: one that waits already may be claimed, and have
    read its rows, before this one is committed."""
    if tenancy.current().company_id == company_id:
        jobs.later("forecast.make")
        return
    with tenancy.company_scope(company_id):
        jobs.later("forecast.make")
