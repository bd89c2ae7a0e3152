"""The promise every channel makes, and e-mail against a real SMTP server on loopback."""

import email
import socket
from email import policy

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler

from rebond.outbound.notifications.ports import Attachment, Letter, Undeliverable, channels

EVERY = pytest.mark.parametrize("key", channels.keys())


def letter(to: str = "camille@client.example") -> Letter:
    return Letter(
        message_id="<0190aa@galerie.example>",
        to=to,
        sender="bonjour@galerie.example",
        sender_name="Galerie Œuvre",
        reply_to="bonjour@galerie.example",
        subject="12,34 € sont en route",
        text="Bonjour, voici.",
        html="<p>Bonjour, voici.</p>",
        attachments=(Attachment("AV-2026-000001.pdf", "application/pdf", b"%PDF-1.7 x"),),
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Mailbox(MessageHandler):
    """Keeps what arrives, or answers with ``refusal``."""

    def __init__(self, refusal: str = "") -> None:
        super().__init__()
        self.letters: list[email.message.EmailMessage] = []
        self.refusal = refusal

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):  # noqa: N802
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def prepare_message(self, session, envelope):
        return email.message_from_bytes(envelope.content, policy=policy.default)

    def handle_message(self, message) -> None:
        self.letters.append(message)


@pytest.fixture
def server(settings):
    started = []

    def start(refusal: str = "") -> Mailbox:
        mailbox = Mailbox(refusal)
        port = free_port()
        controller = Controller(mailbox, hostname="127.0.0.1", port=port)
        controller.start()
        started.append(controller)
        settings.SMTP_URL = f"smtp://127.0.0.1:{port}"
        return mailbox

    yield start
    for controller in started:
        controller.stop()


@EVERY
def test_it_says_who_it_is(key):
    assert (channels[key]().key, bool(channels[key]().title)) == (key, True)


@EVERY
def test_nobody_to_write_to_is_undeliverable(key, server):
    server()

    with pytest.raises(Undeliverable):
        channels[key]().send(letter(to=""))


def test_a_letter_arrives_whole(server):
    mailbox = server()

    channels["email"]().send(letter())

    (arrived,) = mailbox.letters
    pdf = next(iter(arrived.iter_attachments()))
    assert arrived["Subject"] == "12,34 € sont en route"
    assert arrived["From"].addresses[0].display_name == "Galerie Œuvre"
    assert arrived["Message-ID"] == "<0190aa@galerie.example>"
    assert arrived.get_body(("plain",)).get_content().strip() == "Bonjour, voici."
    assert (pdf.get_filename(), pdf.get_content()) == ("AV-2026-000001.pdf", b"%PDF-1.7 x")


def test_a_refusal_for_good_is_final(server):
    server("550 no such mailbox")

    with pytest.raises(Undeliverable, match="550"):
        channels["email"]().send(letter())


def test_a_refusal_for_now_is_tried_again(server):
    server("451 greylisted, come back")

    with pytest.raises(OSError, match="451"):
        channels["email"]().send(letter())


def test_a_server_that_is_away_is_tried_again(settings):
    settings.SMTP_URL = "smtp://127.0.0.1:9"

    with pytest.raises(OSError):
        channels["email"]().send(letter())


def test_a_made_up_address_never_leaves_the_machine(settings):
    settings.SMTP_URL = "smtp://mail.galerie.fr:25"

    with pytest.raises(Undeliverable, match="made up"):
        channels["email"]().send(letter())


def test_a_second_recipient_cannot_be_smuggled_in(server):
    mailbox = server()
    evil = Letter(**{**vars(letter()), "subject": "hello\r\nBcc: evil@client.example"})

    channels["email"]().send(evil)

    assert [str(a) for a in mailbox.letters[0]["To"].addresses] == ["camille@client.example"]
    assert mailbox.letters[0]["Bcc"] is None


def test_without_a_server_letters_go_to_a_folder(settings, tmp_path):
    settings.SMTP_URL = f"file://{tmp_path}/outbox"

    channels["email"]().send(letter())

    (file,) = (tmp_path / "outbox").glob("*.eml")
    assert b"AV-2026-000001.pdf" in file.read_bytes()
