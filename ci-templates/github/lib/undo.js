'use strict';
const fs = require('node:fs');
const runner = require('./runner');
const folders = require('./folder');
const { ask } = require('./ask');
const { Bridge } = require('./bridge');
const { checked } = require('./http');

// The agent knows every credential it got; without it, what the step itself got can be ended.
async function revoke(folder) {
  try {
    const { revoked, held } = JSON.parse(await ask(folder, { op: 'stop' }, 15_000));
    return { revoked, held };
  } catch {
    const handles = JSON.parse(runner.state('handles') || '[]');
    if (handles.length === 0) {
      return { revoked: 0, held: 0 };
    }
    const ca = runner.state('ca-file') ? fs.readFileSync(runner.state('ca-file'), 'utf8') : null;
    const bridge = new Bridge(checked(runner.state('url'), 'url'), ca);
    const deadline = Date.now() + 8_000;
    const ended = await Promise.allSettled(handles.map((handle) => bridge.revoke(handle, deadline)));
    return { revoked: ended.filter((one) => one.status === 'fulfilled').length, held: handles.length };
  }
}

async function undo() {
  const folder = runner.state('folder');
  if (!folder) {
    // The step ended before it had made anything.
    return;
  }
  try {
    const { revoked, held } = await revoke(folder);
    runner.notice(`revoked ${revoked} of ${held}`);
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
