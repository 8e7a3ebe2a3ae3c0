"""The mail server: letters by SMTP (RFC 5321), with what went wrong told apart."""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from types import TracebackType
from typing import Self

from billify.config import MailSettings

SECONDS = 20.0
"""How long the server may take for each answer."""


class Trouble(Exception):
    """A letter did not leave. `is_final`: trying again is no use. `is_about_server`: no other
    letter would leave either."""

    def __init__(self, sentence: str, *, is_final: bool = False, is_about_server: bool = False):
        super().__init__(sentence)
        self.sentence = sentence
        self.is_final = is_final
        self.is_about_server = is_about_server


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to one person, in plain words and in HTML."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str
    sent_at: datetime
    headers: dict[str, str] = field(default_factory=dict)


class Post:
    """A connection to the mail server, opened by the first letter and kept for the next ones."""

    def __init__(self, settings: MailSettings):
        self._settings = settings
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._server.quit()
        self._drop()

    def send(self, letter: Letter) -> None:
        """Hand a letter over. Raises Trouble, also for one that can't be written as a letter."""
        message = _message(letter, self._settings.sender)
        server = self._server or self._open()
        try:
            server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise self._refused("recipient", code, said) from error
        except smtplib.SMTPSenderRefused as error:
            self._drop()
            raise Trouble(_told("sender", error), is_about_server=True) from error
        except smtplib.SMTPResponseException as error:
            raise self._refused("letter", error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPNotSupportedError as error:
            raise Trouble("the server can't write to this address", is_final=True) from error
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise Trouble(_silence(error)) from error
        except Exception:
            self._drop()  # half a letter may stand on the line
            raise

    def _open(self) -> smtplib.SMTP:
        try:
            self._server = self._connected()
        except (smtplib.SMTPResponseException, smtplib.SMTPNotSupportedError) as error:
            self._drop()
            what = "login" if isinstance(error, smtplib.SMTPAuthenticationError) else "connection"
            raise Trouble(_told(what, error), is_about_server=True) from error
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise Trouble(_silence(error), is_about_server=True) from error
        return self._server

    def _connected(self) -> smtplib.SMTP:
        wanted = self._settings
        if wanted.host is None:
            raise OSError("there is no mail server")
        context = ssl.create_default_context(cafile=wanted.ca_file)
        if wanted.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                wanted.host, wanted.port, timeout=SECONDS, context=context
            )
        else:
            server = smtplib.SMTP(wanted.host, wanted.port, timeout=SECONDS)
        self._server = server
        if wanted.security == "starttls":
            server.starttls(context=context)
        if wanted.user:
            server.login(wanted.user, wanted.password or "")
        return server

    def _refused(self, what: str, code: int, said: bytes | str) -> Trouble:
        """4xx is for now, 5xx is for good (RFC 5321, 4.2.1); 421 ends the connection as well."""
        if code == 421:
            self._drop()
        return Trouble(f"{what} refused: {code} {_text(said)}", is_final=code >= 500)

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
        self._server = None


def _message(letter: Letter, sender: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    name, address = parseaddr(sender)
    message["From"] = Address(display_name=name, addr_spec=address)
    message["To"] = _recipient(letter.to)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.sent_at)
    message["Message-ID"] = letter.message_id
    for header, value in letter.headers.items():
        message[header] = value
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    return message


def _recipient(text: str) -> Address:
    try:
        return Address(addr_spec=text)
    except (ValueError, MessageError, IndexError) as error:
        # IndexError: the parser of the library looks behind the end of some texts
        raise Trouble("not an address", is_final=True) from error


def _told(what: str, error: smtplib.SMTPException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{what} refused: {error.smtp_code} {_text(error.smtp_error)}"
    return f"{what} refused: {error}"


def _silence(error: Exception) -> str:
    # smtplib says of both that the server hung up; what led to it tells them apart.
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return "the server does not answer in time"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "the server hung up"
    if isinstance(error, ssl.SSLError):
        return f"no safe connection: {error.reason or type(error).__name__}"
    return f"the server can't be reached: {type(error).__name__}"


def _text(said: bytes | str) -> str:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(words.split())
