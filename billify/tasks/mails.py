"""Sends what waits in the outbox of mails."""

from billify.application import mails
from billify.web import mail_paper


def send_due() -> int:
    """Send the mails whose time has come; gives how many were tried."""
    return mails.send_due(render=_words)


def _words(mail: mails.Claimed) -> mails.Paper:
    return mail_paper.render(kind=mail.kind, language=mail.language, facts=mail.facts)
