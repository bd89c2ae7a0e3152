"""The address that an installation takes for its own."""

import os
import socket
import subprocess
import sys

import pytest

from rebond.config import environment


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"PORT": "8877"}, "http://127.0.0.1:8877"),
        (
            {"PORT": "8877", "REBOND_BASE_URL": "https://retours.example/"},
            "https://retours.example",
        ),
    ],
)
def test_links_carry_the_port_that_is_served(told, address, monkeypatch, tmp_path):
    for name in ("PORT", "REBOND_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in (told | {"REBOND_HOME": str(tmp_path)}).items():
        monkeypatch.setenv(name, value)

    assert environment.read().base_url == address


def test_what_is_served_without_an_address_says_which_one_links_carry(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    known = {k: v for k, v in os.environ.items() if not k.startswith(("REBOND_", "DATABASE"))}
    server = subprocess.Popen(
        [sys.executable, "-m", "rebond", "serve", f"--port={port}"],
        stdout=subprocess.PIPE,
        text=True,
        env={**known, "REBOND_HOME": str(tmp_path)},
    )
    try:
        assert server.stdout is not None
        assert server.stdout.readline().startswith(f"Serving http://127.0.0.1:{port}. ")
    finally:
        server.terminate()
        server.wait(timeout=60)
