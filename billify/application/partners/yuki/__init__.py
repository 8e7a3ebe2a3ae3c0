"""Yuki: what is open in the accounting, read only. See docs/flows/accounting-synchronisation.md."""
