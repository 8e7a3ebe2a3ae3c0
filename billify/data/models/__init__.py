"""The tables, one module per thing."""

from billify.data.models.accounting import AccountingBalance, AccountingItem, PartnerCall
from billify.data.models.back_office import AppError
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
from billify.data.models.mail import Mail
from billify.data.models.matching import (
    BankRule,
    BankRuleRun,
    Category,
    MatchProposal,
    MatchRejection,
    OwnTransfer,
)
from billify.data.models.notification import Announcement, Notification, NotificationChoice
from billify.data.models.people import (
    Invitation,
    Passkey,
    PersonExport,
    PersonToken,
    RecoveryCode,
    SupportAccess,
)
from billify.data.models.reading_memory import ReadingMemory, ReadingMemoryKey, ReadingOutcome
from billify.data.models.work import AuditEvent, AuditHead, Job

__all__ = [
    "AccountingBalance",
    "AccountingItem",
    "Alert",
    "Allocation",
    "Announcement",
    "AppError",
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
    "Invitation",
    "Invoice",
    "InvoiceLine",
    "InvoiceVat",
    "Job",
    "LoginSession",
    "Mail",
    "MatchProposal",
    "MatchRejection",
    "Membership",
    "Notification",
    "NotificationChoice",
    "NumberSeries",
    "ObligationChoice",
    "OwnTransfer",
    "PartnerCall",
    "Passkey",
    "PersonExport",
    "PersonToken",
    "PlannedItem",
    "ReadingMemory",
    "ReadingMemoryKey",
    "ReadingOutcome",
    "RecoveryCode",
    "RecurrenceChoice",
    "Scenario",
    "SupportAccess",
    "SyncLog",
    "ToldBalance",
    "User",
]
