"""Billify: how much money is there, until when does it last, what to do next."""
