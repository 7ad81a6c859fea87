'use strict';
// The job's token. https://docs.github.com/actions/reference/openid-connect-reference
const { Failure } = require('./failure');
const { checked, request, json } = require('./http');

const TOKEN = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

function whyNone(environment, event) {
  const head = event && event.pull_request && event.pull_request.head;
  if (head && head.repo && head.repo.fork) {
    return 'This run is of a pull request from a fork, and GitHub gives those no OIDC token. That is as it should be: run what needs credentials after the merge.';
  }
  return [
    'This job may not ask for an OIDC token. Give it, or its workflow:',
    '  permissions:',
    '    id-token: write',
    '    contents: read',
    'A reusable workflow gets what the workflow that calls it grants.',
  ].join('\n');
}

function source(environment, event) {
  const url = environment.ACTIONS_ID_TOKEN_REQUEST_URL;
  const token = environment.ACTIONS_ID_TOKEN_REQUEST_TOKEN;
  if (!url || !token) {
    throw new Failure(whyNone(environment, event));
  }
  return { url, token };
}

async function idToken({ url, token }, audience, deadline) {
  const asked = checked(url, 'ACTIONS_ID_TOKEN_REQUEST_URL');
  asked.searchParams.set('audience', audience);
  const answer = await request(
    asked,
    { headers: { authorization: `bearer ${token}`, accept: 'application/json', 'user-agent': 'tollbridge-action' } },
    // A token that nobody got harms nobody.
    { deadline, again: () => true },
  );
  if (answer.status !== 200) {
    throw new Failure(`GitHub gave no OIDC token (status ${answer.status})`, { temporary: answer.status >= 500 });
  }
  const { value } = json(answer, 'GitHub');
  if (typeof value !== 'string' || !TOKEN.test(value)) {
    throw new Failure("GitHub's answer holds no OIDC token");
  }
  return value;
}

// What the bridge looked at, for whoever has to find out why it said no. Claims are no secrets; the token is.
const TOLD = [
  'iss', 'aud', 'sub', 'repository', 'repository_id', 'repository_owner_id', 'ref', 'ref_type', 'ref_protected',
  'event_name', 'environment', 'job_workflow_ref', 'runner_environment', 'run_id', 'run_attempt', 'actor_id',
];

function summary(token) {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString('utf8'));
    return TOLD.filter((name) => name in claims).map((name) => `  ${name}: ${JSON.stringify(claims[name])}`).join('\n');
  } catch {
    return '  (not readable)';
  }
}

module.exports = { source, idToken, summary };
