"""Servers that play the partners of Billify, for the demo company and for tests.

They speak as the partner does and know nothing of Billify; never started in production.
"""
