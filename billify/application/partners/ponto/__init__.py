"""The bank through Ponto: with keys of the company's own, or as Ponto Connect.

See docs/flows/integration-synchronisation.md.
"""
