"""Ponto, with keys of the customer's own or as Ponto Connect: read only."""

from billify.integrations.ponto.client import Client, Page
from billify.integrations.ponto.errors import (
    Gone,
    Limited,
    LoginRefused,
    NotAllowedThere,
    PontoError,
    Refused,
    ServerFault,
    TokenEnded,
    TooSoon,
    Unreachable,
    Unreadable,
)
from billify.integrations.ponto.resources import Account, Synchronization, Transaction
from billify.integrations.ponto.signature import Signer
from billify.integrations.ponto.tokens import Grant, Logins, Verifier, authorization_url
from billify.integrations.ponto.transport import Traffic, Transport, tls

__all__ = [
    "Account",
    "Client",
    "Gone",
    "Grant",
    "Limited",
    "LoginRefused",
    "Logins",
    "NotAllowedThere",
    "Page",
    "PontoError",
    "Refused",
    "ServerFault",
    "Signer",
    "Synchronization",
    "TokenEnded",
    "TooSoon",
    "Traffic",
    "Transaction",
    "Transport",
    "Unreachable",
    "Unreadable",
    "Verifier",
    "authorization_url",
    "tls",
]
