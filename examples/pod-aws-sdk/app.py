"""Knows nothing of Tollbridge: boto3 finds its credentials by two variables, and refreshes them by itself."""

import boto3

print(boto3.client("sts").get_caller_identity()["Arn"])
for bucket in boto3.client("s3").list_buckets()["Buckets"]:
    print(bucket["Name"])
