"""The blueprints whose address names a company: /c/<company>/…"""

from flask import Blueprint

from billify.blueprints import (
    bank_files,
    banking,
    companies,
    connections,
    contacts,
    documents,
    home,
    invoices,
    live,
    purchases,
    sales,
    reading_memory,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    home.bp,
    documents.bp,
    invoices.bp,
    purchases.bp,
    sales.bp,
    banking.bp,
    bank_files.bp,
    contacts.bp,
    companies.bp,
    connections.bp,
    reading_memory.bp,
    live.bp,
)
