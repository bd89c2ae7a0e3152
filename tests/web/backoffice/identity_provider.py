"""An identity provider at its port, by OpenID Connect; it can lie in every way that one can."""

from __future__ import annotations

import base64
import json
import threading
import time
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

CLIENT, SECRET = "rebond-desk", "a secret of the provider"


class IdentityProvider(ThreadingHTTPServer):
    """``claims`` go into each token, over what is right; ``manner`` says how it misbehaves."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Door)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.key = RSAKey.generate_key(2048, {"kid": "one"})
        self.other = RSAKey.generate_key(2048, {"kid": "one"})
        self.claims: dict = {"email": "ana@galerie.example", "email_verified": True}
        self.manner = ""
        self.asked: dict[str, dict] = {}
        self.calls: list[str] = []
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self.shutdown()
        self.server_close()

    def comes_back(self, address: str) -> str:
        """The query with which a browser that was sent to ``address`` comes back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.asked)}"
        self.asked[code] = asked
        return urlencode({"state": asked["state"], "code": code, "iss": self.url})

    def token(self, asked: dict) -> str:
        moment = int(time.time())
        claims = {
            "iss": self.url,
            "sub": "person-1",
            "aud": CLIENT,
            "iat": moment,
            "exp": moment + 300,
            "auth_time": moment,
            "nonce": asked["nonce"],
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.manner == "alg none":
            parts = ({"alg": "none"}, claims)
            return ".".join([*(_b64(json.dumps(part).encode()) for part in parts), ""])
        if self.manner == "signed with our secret":
            key = OctKey.import_key(SECRET.encode() + b"." * 8)
            return jwt.encode({"alg": "HS256"}, claims, key, ["HS256"])
        if self.manner == "signed with its public key":
            key = OctKey.import_key(self.key.as_pem(private=False))
            return jwt.encode({"alg": "HS256", "kid": "one"}, claims, key, ["HS256"])
        if self.manner == "another key":
            return jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.other)
        if self.manner == "new key":
            self.key = ECKey.generate_key("P-256", {"kid": "two"})
            self.manner = ""
            return jwt.encode({"alg": "ES256", "kid": "two"}, claims, self.key)
        if self.manner == "cut":
            return jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)[:-40]
        alg = "ES256" if isinstance(self.key, ECKey) else "RS256"
        return jwt.encode({"alg": alg, "kid": self.key.kid}, claims, self.key)


class _Door(BaseHTTPRequestHandler):
    server: IdentityProvider

    def do_GET(self) -> None:
        here, page = self.server.url, urlsplit(self.path)
        self.server.calls.append(page.path)
        if page.path == "/.well-known/openid-configuration":
            told = {
                "issuer": "http://evil.example" if self.server.manner == "issuer" else here,
                "authorization_endpoint": f"{here}/authorize",
                "token_endpoint": f"{here}/token",
                "jwks_uri": f"{here}/keys",
            }
            if self.server.manner == "unsafe":
                told["token_endpoint"] = "ftp://127.0.0.1/token"
            self._say(503 if self.server.manner == "away" else 200, told)
        elif page.path == "/keys":
            self._say(200, KeySet([self.server.key]).as_dict(private=False))
        elif page.path == "/authorize":
            back = parse_qs(page.query)["redirect_uri"][0]
            self.send_response(302)
            self.send_header("Location", f"{back}?{self.server.comes_back(self.path)}")
            self.end_headers()
        else:
            self._say(404, {})

    def do_POST(self) -> None:
        self.server.calls.append(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        asked = self.server.asked.pop(form.get("code", ""), None)
        challenge = _b64(sha256(form.get("code_verifier", "").encode()).digest())
        is_right = (
            asked is not None
            and form.get("client_id") == CLIENT
            and form.get("client_secret") == SECRET
            and form.get("redirect_uri") == asked["redirect_uri"]
            and challenge == asked["code_challenge"]
        )
        if not is_right:
            self._say(400, {"error": "invalid_grant"})
        elif self.server.manner == "slow":
            time.sleep(1.5)
            self._say(200, {"id_token": self.server.token(asked)})
        elif self.server.manner == "500":
            self._say(500, {})
        elif self.server.manner == "no token":
            self._say(200, {"access_token": "x"})
        elif self.server.manner == "rubbish":
            self._raw(200, b"<html>")
        else:
            self._say(200, {"id_token": self.server.token(asked), "token_type": "Bearer"})

    def _say(self, status: int, told: dict) -> None:
        self._raw(status, json.dumps(told).encode())

    def _raw(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *told) -> None:
        pass


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
