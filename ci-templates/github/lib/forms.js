'use strict';
// Credentials in the words of the tools that read them.
const { Failure } = require('./failure');

const AWS = 'urn:tollbridge:params:oauth:token-type:aws-credentials';
const KUBERNETES = 'urn:tollbridge:params:oauth:token-type:kubernetes-exec-credential';

// What fits a credential when nobody said.
function usual(result) {
  switch (result.issued_token_type) {
    case AWS:
      return 'aws';
    case KUBERNETES:
      return 'kube';
    default:
      return 'token';
  }
}

function nested(result, name) {
  try {
    return JSON.parse(result.access_token);
  } catch {
    throw new Failure(`${name}: the credential is not the JSON its type says it is`);
  }
}

// https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
function aws(result, name) {
  if (result.issued_token_type !== AWS) {
    throw new Failure(`${name}: 'as aws' does not fit, it is no AWS target`);
  }
  const keys = nested(result, name);
  return {
    Version: 1,
    AccessKeyId: keys.AccessKeyId,
    SecretAccessKey: keys.SecretAccessKey,
    SessionToken: keys.Token || keys.SessionToken,
    Expiration: result.expires_at,
    ...(keys.AccountId ? { AccountId: keys.AccountId } : {}),
  };
}

// https://kubernetes.io/docs/reference/config-api/client-authentication.v1/
function kube(result, name) {
  switch (result.issued_token_type) {
    case KUBERNETES:
      return nested(result, name);
    case AWS:
      throw new Failure(`${name}: 'as kube' does not fit an AWS target`);
    default:
      return {
        apiVersion: 'client.authentication.k8s.io/v1',
        kind: 'ExecCredential',
        status: { expirationTimestamp: result.expires_at, token: result.access_token },
      };
  }
}

function token(result, name) {
  switch (result.issued_token_type) {
    case AWS:
      throw new Failure(`${name}: AWS credentials are three values; use 'as aws'`);
    case KUBERNETES:
      return nested(result, name).status.token;
    default:
      return result.access_token;
  }
}

// The text for a format. `google` is not here: its tools exchange the job's token themselves.
function text(format, result, name) {
  switch (format) {
    case 'aws':
      return JSON.stringify(aws(result, name));
    case 'kube':
      return JSON.stringify(kube(result, name));
    case 'git':
      // git-credential(1); any user name will do beside an installation token.
      return `username=x-access-token\npassword=${token(result, name)}\n`;
    case 'token':
      return token(result, name);
    default:
      return JSON.stringify(result);
  }
}

// Every piece that must not be read in a log.
function secrets(result, name) {
  const all = [result.access_token];
  if (result.revocation_handle) {
    all.push(result.revocation_handle);
  }
  if (result.issued_token_type === AWS) {
    const keys = aws(result, name);
    all.push(keys.AccessKeyId, keys.SecretAccessKey, keys.SessionToken);
  } else if (result.issued_token_type === KUBERNETES) {
    all.push(token(result, name));
  }
  return all.filter((part) => typeof part === 'string' && part.length > 0);
}

module.exports = { usual, text, secrets, aws, token, AWS };
