"""A workload that uses Google's own library as its documentation says, and nothing of ours."""

import json
import sys

import google.auth
import google.auth.exceptions
from google.auth import identity_pool, pluggable
from google.auth.transport.requests import AuthorizedSession, Request

file, scopes, *urls = sys.argv[1:]
config = json.load(open(file))
if "//iam.googleapis.com" in config["audience"]:
    # load_credentials_from_file would ask Google for the project's id: its number is in the audience.
    kind = pluggable if "executable" in config["credential_source"] else identity_pool
    credentials = kind.Credentials.from_file(file, scopes=scopes.split(","))
else:
    credentials, _ = google.auth.load_credentials_from_file(file, scopes=scopes.split(","))
try:
    credentials.refresh(Request())
except google.auth.exceptions.GoogleAuthError as error:
    print("refused", error.args)
    sys.exit(1)
print("expires", credentials.expiry.isoformat() + "Z")
session = AuthorizedSession(credentials)
for url in urls:
    answer = session.get(url)
    print(answer.status_code, answer.json().get("who"), answer.json().get("scope"))
