# Lets the target aws-payments-deploy of https://tollbridge.acme.example/federation assume one role.

# Once per account: with several targets, keep one of these and name it in the others' trust.
resource "aws_iam_openid_connect_provider" "tollbridge" {
  url            = "https://tollbridge.acme.example/federation"
  client_id_list = ["sts.amazonaws.com"]
}

data "aws_iam_policy_document" "tollbridge-aws-payments-deploy-trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity", "sts:TagSession", "sts:SetSourceIdentity"]

    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.tollbridge.arn]
    }

    condition {
      test     = "StringEquals"
      variable = "tollbridge.acme.example/federation:aud"
      values   = ["sts.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "tollbridge.acme.example/federation:sub"
      values   = ["target:aws:aws-payments-deploy"]
    }
  }
}

# What the role may do is yours to attach.
resource "aws_iam_role" "tollbridge-aws-payments-deploy" {
  name                 = "payments-deploy"
  path                 = "/"
  max_session_duration = 3600
  assume_role_policy   = data.aws_iam_policy_document.tollbridge-aws-payments-deploy-trust.json
}

# Ends every session given before a moment. Set it on the day it is needed.
variable "tollbridge-aws-payments-deploy-revoked-before" {
  type        = string
  default     = null
  description = "A moment in UTC, such as 2026-11-21T10:00:00Z"
}

data "aws_iam_policy_document" "tollbridge-aws-payments-deploy-revoked" {
  count = var.tollbridge-aws-payments-deploy-revoked-before == null ? 0 : 1

  statement {
    sid       = "SessionsIssuedBefore"
    effect    = "Deny"
    actions   = ["*"]
    resources = ["*"]

    condition {
      test     = "DateLessThan"
      variable = "aws:TokenIssueTime"
      values   = [var.tollbridge-aws-payments-deploy-revoked-before]
    }
  }
}

resource "aws_iam_role_policy" "tollbridge-aws-payments-deploy-revoked" {
  count  = var.tollbridge-aws-payments-deploy-revoked-before == null ? 0 : 1
  name   = "tollbridge-revoked"
  role   = aws_iam_role.tollbridge-aws-payments-deploy.name
  policy = data.aws_iam_policy_document.tollbridge-aws-payments-deploy-revoked[0].json
}
