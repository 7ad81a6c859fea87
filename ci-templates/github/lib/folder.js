'use strict';
// One folder per use, for this user only, never in the workspace: what is there ends up in artefacts and caches.
const fs = require('node:fs');
const path = require('node:path');
const { randomUUID } = require('node:crypto');
const { Failure } = require('./failure');

const PREFIX = 'tollbridge-';

function within(parent, child) {
  const relative = path.relative(parent, child);
  return relative === '' || (!relative.startsWith('..') && !path.isAbsolute(relative));
}

function make(environment) {
  if (!environment.RUNNER_TEMP) {
    throw new Failure('RUNNER_TEMP is not set; is this a runner?');
  }
  const temp = fs.realpathSync(environment.RUNNER_TEMP);
  const workspace = environment.GITHUB_WORKSPACE;
  if (workspace && fs.existsSync(workspace) && within(fs.realpathSync(workspace), temp)) {
    throw new Failure('RUNNER_TEMP lies in the workspace: credentials are never written there');
  }
  return fs.mkdtempSync(path.join(temp, PREFIX));
}

// 0600 from its first byte on, and replaced as a whole.
function write(file, text) {
  const half = `${file}.${randomUUID()}`;
  fs.writeFileSync(half, text, { mode: 0o600, flag: 'wx' });
  fs.renameSync(half, file);
}

// Only ever what `make` made.
function remove(folder) {
  if (path.basename(folder).startsWith(PREFIX)) {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

module.exports = { make, write, remove };
