"""A job that gets a token with Authlib, an OAuth client of its own, and calls the API with it.

    venv/bin/pip install 'Authlib==1.9.9' 'requests==2.34.2'
    venv/bin/python client.py --token-url https://tollbridge.acme.example/token \
        --token-file token --target internal-api --scope deploy:write http://127.0.0.1:9000/deployments
"""

import argparse
import sys

from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session

arguments = argparse.ArgumentParser()
for name in ("--token-url", "--token-file", "--target"):
    arguments.add_argument(name, required=True)
arguments.add_argument("--scope")
arguments.add_argument("url")
given = arguments.parse_args()

# The subject token is the proof: there is no client to authenticate.
session = OAuth2Session(token_endpoint_auth_method="none", scope=given.scope)
try:
    session.fetch_token(
        given.token_url,
        grant_type="urn:ietf:params:oauth:grant-type:token-exchange",
        subject_token_type="urn:ietf:params:oauth:token-type:jwt",
        subject_token=open(given.token_file).read().strip(),
        audience=given.target,
    )
except OAuthError as refused:
    print("refused:", refused.error)
    sys.exit(1)
answer = session.get(given.url)
print(answer.status_code, answer.text)
