"""The tables, one module per thing."""

from billify.data.models.bank import (
    Allocation,
    BankAccount,
    BankImport,
    BankTransaction,
    CashFlowPosition,
    CsvMapping,
    PlannedItem,
)
from billify.data.models.company import Company, LoginSession, Membership, User
from billify.data.models.connection import (
    ConnectedAccount,
    Integration,
    SyncLog,
    ToldBalance,
)
from billify.data.models.contact import Contact, ContactIban
from billify.data.models.document import Document
from billify.data.models.forecast import (
    Alert,
    Budget,
    ForecastProfile,
    ForecastRow,
    ForecastSnapshot,
    ObligationChoice,
    RecurrenceChoice,
    Scenario,
)
from billify.data.models.invoice import Invoice, InvoiceLine, InvoiceVat, NumberSeries
from billify.data.models.matching import (
    BankRule,
    BankRuleRun,
    Category,
    MatchProposal,
    MatchRejection,
    OwnTransfer,
)
from billify.data.models.reading_memory import ReadingMemory, ReadingMemoryKey, ReadingOutcome
from billify.data.models.work import AuditEvent, AuditHead, Job

__all__ = [
    "Alert",
    "Allocation",
    "AuditEvent",
    "AuditHead",
    "BankAccount",
    "BankImport",
    "BankRule",
    "BankRuleRun",
    "BankTransaction",
    "Budget",
    "CashFlowPosition",
    "Category",
    "Company",
    "ConnectedAccount",
    "Contact",
    "ContactIban",
    "CsvMapping",
    "Document",
    "ForecastProfile",
    "ForecastRow",
    "ForecastSnapshot",
    "Integration",
    "Invoice",
    "InvoiceLine",
    "InvoiceVat",
    "Job",
    "LoginSession",
    "MatchProposal",
    "MatchRejection",
    "Membership",
    "NumberSeries",
    "ObligationChoice",
    "OwnTransfer",
    "PlannedItem",
    "ReadingMemory",
    "ReadingMemoryKey",
    "ReadingOutcome",
    "RecurrenceChoice",
    "Scenario",
    "SyncLog",
    "ToldBalance",
    "User",
]
