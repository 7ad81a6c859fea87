"""An API that takes the tokens of a `jwt` target, in Python with PyJWT and nothing of Tollbridge's.

    python3 -m venv venv && venv/bin/pip install 'PyJWT[crypto]==2.15.1'
    venv/bin/python server.py --issuer https://tollbridge.acme.example \
        --audience https://api.acme.example --scope deploy:write --listen 127.0.0.1:9000

What a resource server has to look at is in `caller` (RFC 9068 section 4, RFC 9449 section 7).
"""

import argparse
import base64
import hashlib
import json
import sys
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt

# The algorithms that this API expects, not those that a token or a document names.
ALGORITHMS = ["ES256"]
PROOF_ALGORITHMS = ["ES256", "EdDSA", "RS256"]
PROOF_LIFE = 60
MAX_TOKEN = 16 * 1024


class Refused(Exception):
    def __init__(self, status, error, why):
        super().__init__(why)
        self.status, self.error, self.why = status, error, why


class Tollbridge:
    """The issuer, known by its URL alone."""

    def __init__(self, issuer):
        with urllib.request.urlopen(issuer + "/.well-known/openid-configuration", timeout=10) as answer:
            metadata = json.load(answer)
        if metadata["issuer"] != issuer:
            raise SystemExit("the document at " + issuer + " is of another issuer: " + metadata["issuer"])
        self.issuer = issuer
        # Fetched again when a key is not known: keys are published before they are used.
        self.keys = jwt.PyJWKClient(metadata["jwks_uri"], lifespan=600, timeout=10)

    def claims(self, token, audience):
        if len(token) > MAX_TOKEN:
            raise Refused(401, "invalid_token", "too long")
        try:
            header = jwt.get_unverified_header(token)
            # An ID token or a logout token of the same issuer is no access token (RFC 9068 section 4).
            if str(header.get("typ", "")).lower() not in ("at+jwt", "application/at+jwt"):
                raise Refused(401, "invalid_token", "no access token")
            return jwt.decode(
                token,
                self.keys.get_signing_key_from_jwt(token),
                algorithms=ALGORITHMS,
                audience=audience,
                issuer=self.issuer,
                leeway=30,
                options={"require": ["iss", "sub", "aud", "exp", "iat", "jti"]},
            )
        except jwt.PyJWTError as error:
            raise Refused(401, "invalid_token", type(error).__name__) from error


class Proofs:
    """DPoP proofs that were seen, so that none is taken twice."""

    def __init__(self):
        self.seen = {}

    def first(self, identifier, now):
        self.seen = {known: until for known, until in self.seen.items() if until > now}
        if identifier in self.seen:
            return False
        self.seen[identifier] = now + 2 * PROOF_LIFE
        return True


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def thumbprint(key):
    """RFC 7638: what `cnf.jkt` names."""
    members = {"EC": ("crv", "kty", "x", "y"), "OKP": ("crv", "kty", "x"), "RSA": ("e", "kty", "n")}
    kept = {name: key[name] for name in members[key["kty"]]}
    return b64(hashlib.sha256(json.dumps(kept, sort_keys=True, separators=(",", ":")).encode()).digest())


def check_proof(proof, token, bound_to, method, url, proofs):
    """RFC 9449 section 4.3."""
    try:
        header = jwt.get_unverified_header(proof)
        key = header["jwk"]
        if header.get("typ") != "dpop+jwt" or "d" in key or thumbprint(key) != bound_to:
            raise Refused(401, "invalid_dpop_proof", "another key")
        claims = jwt.decode(
            proof,
            jwt.PyJWK(key, algorithm=header["alg"]),
            algorithms=PROOF_ALGORITHMS,
            options={"require": ["iat", "jti", "htm", "htu", "ath"], "verify_iat": False},
        )
    except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
        raise Refused(401, "invalid_dpop_proof", type(error).__name__) from error
    now = time.time()
    if (
        claims["htm"] != method
        or claims["htu"] != url
        or claims["ath"] != b64(hashlib.sha256(token.encode()).digest())
        or not isinstance(claims["iat"], int)
        or abs(now - claims["iat"]) > PROOF_LIFE
        or not proofs.first(str(claims["jti"]), now)
    ):
        raise Refused(401, "invalid_dpop_proof", "not for this request")


def caller(headers, method, url, tollbridge, audience, scope, proofs):
    """Who calls, or why not."""
    scheme, _, token = headers.get("Authorization", "").partition(" ")
    if scheme.lower() not in ("bearer", "dpop") or not token:
        raise Refused(401, None, "no token")
    claims = tollbridge.claims(token, audience)
    bound_to = claims.get("cnf", {}).get("jkt")
    if bound_to is None:
        if scheme.lower() != "bearer" or "cnf" in claims:
            raise Refused(401, "invalid_token", "bound in a way that is not known here")
    else:
        # A bound token that comes as a bearer token was stolen, or its client forgot (section 7.2).
        if scheme.lower() != "dpop" or len(headers.get_all("DPoP", [])) != 1:
            raise Refused(401, "invalid_token", "bound to a key, and no proof of it")
        check_proof(headers["DPoP"], token, bound_to, method, url, proofs)
    if scope not in claims.get("scope", "").split():
        raise Refused(403, "insufficient_scope", scope)
    return claims


def handler(tollbridge, audience, scope):
    proofs = Proofs()

    class Api(BaseHTTPRequestHandler):
        def do_GET(self):
            url = "http://" + self.headers.get("Host", "") + self.path.partition("?")[0]
            try:
                claims = caller(self.headers, "GET", url, tollbridge, audience, scope, proofs)
                self.answer(200, {"hello": claims["sub"], "scope": claims["scope"]})
            except Refused as refused:
                # The reason is for the log; the caller learns what RFC 6750 section 3.1 says.
                print("refused:", refused.error, refused.why, file=sys.stderr, flush=True)
                self.answer(refused.status, {"error": refused.error}, refused.error)

        def answer(self, status, body, error=None):
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            if status in (401, 403):
                said = ', error="' + error + '"' if error else ""
                self.send_header("WWW-Authenticate", 'Bearer realm="api"' + said)
                self.send_header("WWW-Authenticate", 'DPoP algs="' + " ".join(PROOF_ALGORITHMS) + '"' + said)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass

    return Api


def main():
    arguments = argparse.ArgumentParser()
    for name in ("--issuer", "--audience", "--scope"):
        arguments.add_argument(name, required=True)
    arguments.add_argument("--listen", default="127.0.0.1:9000")
    given = arguments.parse_args()
    host, _, port = given.listen.rpartition(":")
    server = ThreadingHTTPServer(
        (host, int(port)), handler(Tollbridge(given.issuer), given.audience, given.scope)
    )
    print("ready http://%s:%d" % server.server_address[:2], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
