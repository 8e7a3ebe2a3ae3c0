"""Partners that rows come from: one folder each, one protocol, one engine that runs them.

How to add one: CONTRIBUTING.md, "A partner". Which there are: registry.py.
"""
