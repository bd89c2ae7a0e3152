"""Passwords that were stolen elsewhere are refused, by a file or by a service."""

import logging
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from rebond.domain.sign_in.breached import is_breached

STOLEN = [f"stolen-{n}" for n in range(2000)]


def hash_of(password):
    return sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


@pytest.fixture
def listed(tmp_path):
    path = tmp_path / "hashes.txt"
    lines = sorted(f"{hash_of(word)}:{place}" for place, word in enumerate(STOLEN, start=1))
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode())
    return str(path)


class Door(BaseHTTPRequestHandler):
    """Answers as the public service does, or fails as its server's ``manner`` says."""

    def do_GET(self):
        self.server.asked.append((self.path, self.headers["Add-Padding"]))
        if self.server.manner == "busy":
            self.send_error(503)
            return
        body = b"\xff\xfe" if self.server.manner == "rubbish" else self._known().encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _known(self):
        begin = self.path.rpartition("/")[2]
        known = [hash_of(word)[5:] + ":7" for word in STOLEN if hash_of(word).startswith(begin)]
        return "\r\n".join([*known, hash_of("padding")[5:] + ":0"])

    def log_message(self, *_):
        pass


@pytest.fixture
def service():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.manner, server.asked = "plain", []
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def address(server):
    return f"http://127.0.0.1:{server.server_port}"


def test_each_line_of_a_file_is_found_and_nothing_else(listed):
    assert all(is_breached(word, listed) for word in STOLEN)
    assert not any(is_breached(f"own-{n}", listed) for n in range(2000))


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_a_short_file_is_read_to_its_ends(tmp_path, count):
    path = tmp_path / "few.txt"
    path.write_text("".join(f"{one}:1\n" for one in sorted(map(hash_of, STOLEN[:count]))))

    assert [is_breached(word, str(path)) for word in STOLEN[:4]] == [n < count for n in range(4)]


def test_a_service_hears_five_signs_and_no_more(service):
    assert is_breached("stolen-7", address(service))
    assert not is_breached("a word of my own", address(service))
    assert not is_breached("padding", address(service))
    assert service.asked[0] == (f"/range/{hash_of('stolen-7')[:5]}", "true")


@pytest.mark.parametrize("manner", ["busy", "rubbish"])
def test_who_cannot_be_asked_keeps_nobody_out(service, manner, caplog):
    service.manner = manner

    with caplog.at_level(logging.WARNING):
        assert not is_breached("stolen-7", address(service))

    assert "stolen passwords" in caplog.text
    assert "stolen-7" not in caplog.text


def test_a_missing_file_keeps_nobody_out(tmp_path):
    assert not is_breached("stolen-7", str(tmp_path / "nowhere"))


def test_a_new_password_is_checked(listed, settings):
    settings.BREACHED_PASSWORDS = listed

    with pytest.raises(ValidationError) as refused:
        validate_password("stolen-1234")

    assert [error.code for error in refused.value.error_list] == ["password_breached"]
    validate_password("a word of my own")
