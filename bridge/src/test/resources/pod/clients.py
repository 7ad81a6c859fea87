"""A workload that lives as long as its pod: AWS's and Google's own libraries, each with the session it began with.

Each line on stdin is how far the test's clock is ahead of the machine's, in seconds; each answer a line of JSON.
"""

import datetime
import json
import os
import sys

import boto3
import google.auth
import google.auth._helpers
from google.auth.transport.requests import AuthorizedSession

ahead = datetime.timedelta(0)
# The libraries' own notions of now, by which they renew.
google.auth._helpers.utcnow = lambda: datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None) + ahead

session = boto3.Session(region_name="eu-west-1")
session.get_credentials()._time_fetcher = lambda: datetime.datetime.now(datetime.timezone.utc) + ahead
sts = session.client("sts", endpoint_url=os.environ["STS"])
credentials, _ = google.auth.load_credentials_from_file(
    os.environ["GOOGLE_APPLICATION_CREDENTIALS"], scopes=["https://www.googleapis.com/auth/cloud-platform"]
)
api = AuthorizedSession(credentials)


def said(call):
    try:
        return call()
    except Exception as error:  # whatever a library says is the test's to judge
        return f"{type(error).__name__}: {error}"


for line in sys.stdin:
    ahead = datetime.timedelta(seconds=float(line))
    print(
        json.dumps(
            {
                "aws": said(lambda: sts.get_caller_identity()["Arn"]),
                "google": said(lambda: str(api.get(os.environ["API"]).status_code)),
            }
        ),
        flush=True,
    )
