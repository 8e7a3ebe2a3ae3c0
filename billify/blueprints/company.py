"""The blueprints whose address names a company: /c/<company>/…"""

from flask import Blueprint

from billify.blueprints import (
    bank_files,
    bank_meeting,
    bank_rules,
    banking,
    cash_flow,
    cash_plans,
    companies,
    connections,
    contacts,
    documents,
    home,
    invoices,
    live,
    matching,
    purchases,
    reading_memory,
    sales,
    scenarios,
    track_record,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    home.bp,
    cash_flow.bp,
    documents.bp,
    invoices.bp,
    purchases.bp,
    sales.bp,
    banking.bp,
    cash_plans.bp,
    bank_files.bp,
    matching.bp,
    bank_rules.bp,
    contacts.bp,
    reading_memory.bp,
    companies.bp,
    connections.bp,
    live.bp,
    scenarios.bp,
    track_record.bp,
    bank_meeting.bp,
)
