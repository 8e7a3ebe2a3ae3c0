"""Letting go of what need not be kept: nightly, in small transactions, counted in the log.

How long, and why: domain/keeping.py. What is never removed by age: data/queries/retention.py.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from billify.application import audit, documents, jobs
from billify.data import tenancy
from billify.data.db import transaction
from billify.data.models import Company
from billify.data.queries import companies, staff_companies
from billify.data.queries import retention as queries
from billify.domain import keeping as rules
from billify.domain.brussels import BRUSSELS
from billify.domain.keeping import Keeping
from billify.domain.refusal import N_, NotAllowed, Refusal
from billify.domain.roles import Actor, Role

log = structlog.get_logger()
NIGHT = 3
"""The hour on the clock of Brussels at which it happens."""
MOST_BATCHES = 50


def keep(*, keeping: Keeping, by: Actor) -> Company:
    """Say how long the company keeps what is not bookkeeping. Only owners may."""
    if by.role is not Role.OWNER:
        raise NotAllowed(N_("Only an owner can change how long things are kept."))
    wanted = rules.checked(keeping)
    with transaction():
        company = companies.lock_own()
        before = _facts(company)
        company.keep_logs_days = wanted.logs_days
        company.keep_told_days = wanted.told_days
        company.keep_put_away_days = wanted.put_away_days
        audit.record(
            "company.keeping_changed", company, by=by, before=before, after=_facts(company)
        )
    return company


def ring_due(*, now: datetime) -> int:
    """At night, have each company's job let go of what is old, and do the same for what belongs
    to no company. Rung twice in a night the second finds nothing."""
    if now.astimezone(BRUSSELS).hour != NIGHT:
        return 0
    _apply_to_people(now)
    with tenancy.unscoped("one clock has all companies tidied up"):
        company_ids = staff_companies.ids()
    for company_id in company_ids:
        with tenancy.company_scope(company_id), transaction():
            jobs.later("retention.apply")
    return len(company_ids)


def apply(*, now: datetime) -> dict[str, int]:
    """Let go of what is old in the company of the scope; gives how many of each."""
    company = companies.own()
    logs, told = timedelta(days=company.keep_logs_days), timedelta(days=company.keep_told_days)
    counts = {
        "sync_log": _in_batches(lambda: queries.runs(now - logs)),
        "notification": _in_batches(lambda: queries.told(now - told)),
        "job": _in_batches(lambda: queries.jobs(now - rules.JOBS_FOR)),
        "mail": _in_batches(lambda: queries.mails(now - rules.MAILS_FOR)),
        "invitation": _in_batches(lambda: queries.invitations(now - rules.INVITATIONS_FOR)),
        "document": _put_away(company, now),
    }
    found = {name: count for name, count in counts.items() if count}
    if found:
        with transaction():
            audit.record("retention.applied", company, by=None, after=found)
    log.info("retention.applied", **counts)
    return found


def _apply_to_people(now: datetime) -> None:
    with tenancy.unscoped("links and devices belong to people and to no company"):
        counts = {
            "mail": _in_batches(lambda: queries.mails(now - rules.MAILS_FOR)),
            "person_token": _in_batches(lambda: queries.tokens(now - rules.TOKENS_FOR)),
            "login_session": _in_batches(lambda: queries.sessions(now - rules.SESSIONS_FOR)),
            "person_export": _in_batches(lambda: queries.files(now - rules.A_YEAR)),
        }
    log.info("retention.applied_to_people", **counts)


def _in_batches(remove: Callable[[], int]) -> int:
    """Until nothing is left or it has been enough for a night."""
    removed = 0
    for _ in range(MOST_BATCHES):
        with transaction():
            count = remove()
        removed += count
        if count < queries.BATCH:
            break
    return removed


def _put_away(company: Company, now: datetime) -> int:
    """Files put away that are no invoice, with their bytes."""
    if company.keep_put_away_days is None:
        return 0
    old = queries.put_away(now - timedelta(days=company.keep_put_away_days))
    removed = 0
    for document_id in old:
        try:
            documents.delete(document_id=document_id, by=None)
        except Refusal:
            continue
        removed += 1
    return removed


def _facts(company: Company) -> dict[str, object]:
    return {
        name: getattr(company, name)
        for name in ("keep_logs_days", "keep_told_days", "keep_put_away_days")
    }
