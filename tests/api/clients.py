"""A machine with a key, as the tests of the API use it."""

import json

from django.test import Client

from rebond.domain.machines.actions import make_key
from rebond.domain.machines.scopes import Scope


def machine(shop, scopes=tuple(Scope), **more):
    """A client that carries a key of ``shop``; without ``scopes`` one that may do everything."""
    key, text = make_key(shop, title="till", scopes=scopes, by="staff:Ana", **more)
    client = Client(headers={"authorization": f"Bearer {text}", "accept-language": "en"})
    client.key = key
    client.text = text
    return client


def post(client, page, body=None, key=None, version=None):
    """Send ``body`` as JSON, under an Idempotency-Key and for a version where they are given."""
    headers = {"idempotency-key": key} if key else {}
    if version is not None:
        headers["if-match"] = version if isinstance(version, str) else f'"{version}"'
    return client.post(
        f"/api/v1/{page}",
        json.dumps({} if body is None else body),
        content_type="application/json",
        headers=headers,
    )


def code(answer):
    """The status and the stable code of a problem document."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]
