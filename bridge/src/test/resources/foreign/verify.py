"""Verifies tokens of the bridge as somebody would who only knows its URL.

Usage: verify.py ISSUER AUDIENCE < tokens, one a line. Prints one line per token:
the subject as PyJWT and as joserfc read it, or `refused refused`.
"""
import json
import sys
import urllib.request

import jwt
from joserfc import jwt as joserfc_jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

issuer, audience = sys.argv[1:]
with urllib.request.urlopen(issuer + "/.well-known/openid-configuration", timeout=10) as answer:
    discovery = json.load(answer)
assert discovery["issuer"] == issuer, discovery
algorithms = discovery["id_token_signing_alg_values_supported"]
pyjwt_keys = jwt.PyJWKClient(discovery["jwks_uri"])
with urllib.request.urlopen(discovery["jwks_uri"], timeout=10) as answer:
    joserfc_keys = KeySet.import_key_set(json.load(answer))


def with_pyjwt(token):
    try:
        key = pyjwt_keys.get_signing_key_from_jwt(token)
        claims = jwt.decode(
            token, key, algorithms=algorithms, audience=audience, issuer=issuer,
            options={"require": ["exp", "iat", "sub", "jti", "aud", "iss"]})
        return claims["sub"]
    except jwt.PyJWTError:
        return "refused"


def with_joserfc(token):
    try:
        claims = joserfc_jwt.decode(token, joserfc_keys, algorithms=algorithms).claims
        joserfc_jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True}).validate(claims)
        return claims["sub"]
    except (JoseError, ValueError):
        return "refused"


for line in sys.stdin:
    token = line.strip()
    print(with_pyjwt(token), with_joserfc(token))
