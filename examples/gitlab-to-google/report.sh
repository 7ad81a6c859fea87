#!/bin/sh
# What the bucket is, asked with the token that gcloud found. It goes to curl by stdin: arguments are for others to read.
set -eu
printf 'header = "Authorization: Bearer %s"\n' "$(gcloud auth print-access-token)" |
  curl -fsS --config - "${STORAGE:-https://storage.googleapis.com/storage/v1/b}/acme-reports"
