'use strict';
const fs = require('node:fs');
const runner = require('./runner');
const folders = require('./folder');
const { ask } = require('./ask');
const { Bridge, endAll } = require('./bridge');
const { checked } = require('./http');

// The agent knows every credential it got; without it, what the step itself got can be ended.
async function revoke(folder) {
  try {
    return JSON.parse(await ask(folder, { op: 'stop' }, 15_000));
  } catch {
    const held = JSON.parse(runner.state('handles') || '[]');
    if (held.length === 0) {
      return { held: 0, revoked: 0, lasting: 0 };
    }
    const ca = runner.state('ca-file') ? fs.readFileSync(runner.state('ca-file'), 'utf8') : null;
    const bridge = new Bridge(checked(runner.state('url'), 'url'), ca);
    return endAll(bridge, held, Date.now() + 8_000);
  }
}

async function undo() {
  const folder = runner.state('folder');
  if (!folder) {
    // The step ended before it had made anything.
    return;
  }
  try {
    const { revoked, held, lasting, strangers = 0 } = await revoke(folder);
    runner.notice(`revoked ${revoked} of ${held}`);
    if (lasting > 0) {
      runner.notice(`${lasting} of them cannot be ended by their provider and work until their own end`);
    }
    if (strangers > 0) {
      runner.warning(
        `Something on this machine asked the helper for credentials ${strangers} times without its bearer, and got none. Look at what ran beside this job.`,
      );
    }
    if (revoked < held) {
      runner.warning('The bridge could not be told to end every credential; what is left ends by itself.');
    }
  } catch (e) {
    runner.warning(`The bridge could not be told (${e.name}); the credentials end by themselves.`);
  } finally {
    folders.remove(folder);
    for (const [name, value] of Object.entries(JSON.parse(runner.state('before') || '{}'))) {
      runner.exportVariable(name, value);
    }
  }
}

module.exports = { undo };
