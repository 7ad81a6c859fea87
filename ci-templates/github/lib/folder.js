'use strict';
// One folder per use, for this user only, never in the workspace: what is there ends up in artefacts and caches.
const fs = require('node:fs');
const path = require('node:path');
const { randomUUID } = require('node:crypto');
const { Failure } = require('./failure');

const PREFIX = 'tollbridge-';
const JOB = '.job';

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
  sweep(temp, jobId(environment));
  const folder = fs.mkdtempSync(path.join(temp, PREFIX));
  write(path.join(folder, JOB), jobId(environment));
  return folder;
}

// A runner does one job at a time, and says which to the processes it starts.
function jobId({ RUNNER_TRACKING_ID, GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT, GITHUB_JOB }) {
  return RUNNER_TRACKING_ID || [GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT, GITHUB_JOB].join('/');
}

// What a job left that was killed before its end, on a machine that is used again. Its helper, if there still is one,
// notices that its folder is gone, revokes and ends.
function sweep(temp, job) {
  for (const name of fs.readdirSync(temp).filter((one) => one.startsWith(PREFIX))) {
    const left = path.join(temp, name);
    let made = null;
    try {
      made = fs.readFileSync(path.join(left, JOB), 'utf8');
    } catch {
      // It was killed before it had written even that.
    }
    if (made !== job) {
      fs.rmSync(left, { recursive: true, force: true });
    }
  }
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
