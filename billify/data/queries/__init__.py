"""Reads for the pages, and the conditional writes that use cases build on."""
