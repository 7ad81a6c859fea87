'use strict';
// The bridge's side of it: POST /credentials, POST /revoke.
const { Failure } = require('./failure');
const { request, json } = require('./http');

const NEXT = {
  token_replayed: 'Each run of this step asks for a fresh token; is something else showing it first?',
  audience_mismatch: "Set `audience` to what the bridge's trusted issuer says, or leave it out if that is the bridge's URL.",
  issuer_unknown: 'The operator of the bridge has to trust this issuer.',
  grant_missing: 'No grant fits this run. Compare the claims below with the grant, and give the receipt to the operator.',
  target_unknown: 'No grant fits this run. Compare the claims below with the grant, and give the receipt to the operator.',
  proof_required: 'This target wants a proof of possession, which this action cannot give.',
};

// Only what fits into a log line.
const plain = (text) => String(text).replace(/[^ -~]/g, '').slice(0, 300);

function refusal(error, target) {
  const reason = plain(error.reason || error.error || 'without a reason');
  const lines = [
    `refused: ${reason}${error.receipt ? ` (receipt ${plain(error.receipt)})` : ''}${target ? ` for ${target}` : ''}`,
  ];
  if (error.error_description) {
    lines.push(plain(error.error_description));
  }
  if (NEXT[error.reason]) {
    lines.push(NEXT[error.reason]);
  }
  return lines.join('\n');
}

class Bridge {
  constructor(url, ca) {
    this.url = url;
    this.ca = ca;
  }

  at(path) {
    return new URL(this.url.href.replace(/\/$/, '') + path);
  }

  // All of them, or an error that says which one was refused: a job with half of its credentials fails later, and worse.
  async credentials(subjectToken, targets, deadline) {
    const answer = await request(
      this.at('/credentials'),
      {
        method: 'POST',
        ca: this.ca,
        headers: { 'content-type': 'application/json', accept: 'application/json', 'user-agent': 'tollbridge-action' },
        body: JSON.stringify({ subject_token: subjectToken, targets: targets.map((target) => ({ target })) }),
      },
      { deadline },
    );
    const tree = json(answer, this.url.hostname);
    if (!Array.isArray(tree.results)) {
      throw new Failure(refusal(tree), { temporary: answer.status >= 500 });
    }
    const failed = [];
    tree.results.forEach((result, i) => {
      if (typeof result.access_token !== 'string') {
        failed.push(refusal(result, targets[i]));
      }
    });
    if (tree.results.length !== targets.length || failed.length > 0) {
      const handles = tree.results.map((result) => result.revocation_handle).filter(Boolean);
      await Promise.allSettled(handles.map((handle) => this.revoke(handle, deadline)));
      throw new Failure(failed.join('\n') || 'the bridge answered for other targets', { temporary: answer.status >= 500 });
    }
    return tree.results;
  }

  async revoke(handle, deadline) {
    const answer = await request(
      this.at('/revoke'),
      {
        method: 'POST',
        ca: this.ca,
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'tollbridge-action' },
        body: `token=${encodeURIComponent(handle)}`,
      },
      // Revoking twice is revoking.
      { deadline, again: () => true },
    );
    if (answer.status !== 200) {
      throw new Failure(`the bridge did not revoke (status ${answer.status})`, { temporary: true });
    }
  }
}

// Every one that can be reached, one failure notwithstanding.
//
// `lasting`: at the bridge it counts no more, but its provider has no way to end it, so it works until its own end.
async function endAll(bridge, held, deadline) {
  const ended = await Promise.allSettled(held.map(({ handle }) => bridge.revoke(handle, deadline)));
  return {
    held: held.length,
    revoked: ended.filter((one) => one.status === 'fulfilled').length,
    lasting: held.filter(({ revocable }) => !revocable).length,
  };
}

module.exports = { Bridge, endAll };
