"""Bank files to statements: CODA, CAMT, MT940, and the CSV and XLSX exports of banks. Pure."""

from billify.domain.bank_files.columns import Role
from billify.domain.bank_files.detect import LARGEST, head, read
from billify.domain.bank_files.shapes import (
    BankFile,
    Format,
    Movement,
    Remark,
    State,
    Statement,
    Unreadable,
)
from billify.domain.bank_files.tables import Columns, UnknownColumns, guess, key

__all__ = [
    "LARGEST",
    "BankFile",
    "Columns",
    "Format",
    "Movement",
    "Remark",
    "Role",
    "State",
    "Statement",
    "UnknownColumns",
    "Unreadable",
    "guess",
    "head",
    "key",
    "read",
]
