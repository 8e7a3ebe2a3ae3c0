"""E-invoices read exactly: UBL 2.1, CII D16B and ZUGFeRD 1, from bytes to values.

Nothing is imported here, since the web process asks `prolog` of every upload and never parses.
"""
