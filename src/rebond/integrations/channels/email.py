"""E-mail by SMTP, or into a folder where no mail server is at hand.

``SMTP_URL``: ``smtp://host:25``, ``smtp+starttls://user:password@host:587``,
``smtps://user:password@host:465``, or ``file:///folder`` which writes each letter as one .eml.
"""

import smtplib
from email.utils import formataddr
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from rebond.outbound.notifications.ports import Letter, Undeliverable, channels

TIMEOUT_SECONDS = 20
RESERVED = (".invalid", ".test", ".example", ".localhost", "example.com", "example.org")
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class NoMailServer(OSError):
    """SMTP_URL is not set; the letter waits until it is."""


@channels.add
class Email:
    """Sends letters with their attachments."""

    key = "email"
    title = "E-mail"

    def send(self, letter: Letter) -> None:
        """Hand ``letter`` to the mail server.

        Raises ``Undeliverable`` for an address that cannot exist or that the server refuses for
        good, ``OSError`` for anything that may pass.
        """
        target = urlsplit(settings.SMTP_URL)
        if not target.scheme:
            raise NoMailServer("SMTP_URL is not set")
        if not letter.to:
            raise Undeliverable("no address")
        if target.scheme == "file":
            _write(letter, Path(unquote(target.path)))
            return
        if letter.to.lower().endswith(RESERVED) and target.hostname not in LOOPBACK:
            raise Undeliverable("the address is made up and belongs to nobody")
        _post(letter, target)


def _post(letter: Letter, target: SplitResult) -> None:
    connection = get_connection(
        "django.core.mail.backends.smtp.EmailBackend",
        host=target.hostname,
        port=target.port or {"smtps": 465, "smtp+starttls": 587}.get(target.scheme, 25),
        username=unquote(target.username or ""),
        password=unquote(target.password or ""),
        use_ssl=target.scheme == "smtps",
        use_tls=target.scheme == "smtp+starttls",
        timeout=TIMEOUT_SECONDS,
    )
    try:
        _message(letter, connection).send()
    except smtplib.SMTPRecipientsRefused as refused:
        code, words = next(iter(refused.recipients.values()))
        _judge(code, words)
    except smtplib.SMTPResponseException as refused:
        _judge(refused.smtp_code, refused.smtp_error)


def _judge(code: int, words: bytes | str) -> None:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    if 500 <= code < 600:
        raise Undeliverable(f"{code} {said}")
    raise OSError(f"{code} {said}")


def _write(letter: Letter, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = letter.message_id.strip("<>").partition("@")[0]
    (folder / f"{name}.eml").write_bytes(_message(letter, None).message().as_bytes())


def _message(letter: Letter, connection: object) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=" ".join(letter.subject.splitlines()),
        body=letter.text,
        from_email=formataddr((letter.sender_name, letter.sender)),
        to=[letter.to],
        reply_to=[letter.reply_to],
        headers={"Message-ID": letter.message_id, "Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    message.attach_alternative(letter.html, "text/html")
    for attachment in letter.attachments:
        message.attach(attachment.name, attachment.content, attachment.media_type)
    return message
