"""The back office, for staff alone. Its address names no company: each page says whose rows it
shows, and showing them leaves a mark in that company's audit log."""

from flask import Blueprint

from billify.blueprints.back_office import (
    announcements,
    audit,
    companies,
    connections,
    faults,
    fence,
    jobs,
    mails,
    overview,
    people,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    overview.bp,
    companies.bp,
    people.bp,
    announcements.bp,
    jobs.bp,
    faults.bp,
    connections.bp,
    audit.bp,
    fence.bp,
    mails.bp,
)
PREFIX = "/back-office"
