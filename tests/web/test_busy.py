"""A server with more asks than it can answer in time: some are answered, the rest come again."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

SLOW = """
import time
from rebond.config.wsgi import application as django

def application(environ, start_response):
    if environ["PATH_INFO"] == "/health/":
        return django(environ, start_response)
    time.sleep(0.6)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"done"]
"""


@pytest.fixture
def server(tmp_path):
    """One process with one thread that takes 0.6 s for each answer."""
    (tmp_path / "slow_app.py").write_text(SLOW)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, "-m", "gunicorn", "slow_app:application", f"--bind=127.0.0.1:{port}"]
    words += ["--threads=1", "--worker-class=rebond.config.serving.TimelyWorker"]
    words += ["--no-control-socket", "--log-level=warning"]
    env = os.environ | {"REBOND_HOME": str(tmp_path / "home"), "PYTHONPATH": str(tmp_path)}
    process = subprocess.Popen(words, env=env)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def ask(address, language="fr"):
    request = urllib.request.Request(address, headers={"Accept-Language": language})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, dict(answer.headers), answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, dict(refused.headers), refused.read().decode()


def up(address):
    for _ in range(200):
        try:
            return ask(f"{address}/health/")[0]
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server does not come up")


def test_what_waited_too_long_is_told_to_come_again_and_the_rest_is_answered(server):
    assert up(server) == 200
    began = time.monotonic()

    with ThreadPoolExecutor(20) as crowd:
        pages = [crowd.submit(ask, f"{server}/s/galerie/") for _ in range(8)]
        calls = [crowd.submit(ask, f"{server}/api/v1/returns", "en") for _ in range(8)]
        time.sleep(0.3)
        health = crowd.submit(ask, f"{server}/health/").result()
        told = [one.result() for one in pages + calls]
    took = time.monotonic() - began

    counted = Counter(status for status, _, _ in told)
    assert set(counted) == {200, 503}
    assert 5 <= counted[200] <= 10
    assert took < 8  # all sixteen, one after the other, would take 9.6 s
    assert health[0] == 200
    for status, headers, body in told:
        if status == 503:
            assert 3 <= int(headers["Retry-After"]) <= 10
            if headers["Content-Type"].startswith("application/problem+json"):
                assert json.loads(body)["code"] == "away_for_a_moment"
            else:
                assert "Beaucoup de monde" in body
    assert ask(f"{server}/s/galerie/")[0] == 200
