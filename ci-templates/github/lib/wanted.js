'use strict';
// What the step was asked for.
const { Failure } = require('./failure');
const { checked } = require('./http');

const FORMATS = ['aws', 'kube', 'google', 'git', 'token', 'json'];
const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
const MOST_TARGETS = 16;

function targets(text) {
  const wanted = [];
  for (const line of text.split(/\r?\n/).map((part) => part.trim()).filter((part) => part && !part.startsWith('#'))) {
    const [, name, format] = /^(\S+)(?:\s+as\s+(\S+))?$/.exec(line) || [];
    if (!name || !NAME.test(name)) {
      throw new Failure(`targets: '${line.slice(0, 80)}' is neither 'name' nor 'name as format'`);
    }
    if (format !== undefined && !FORMATS.includes(format)) {
      throw new Failure(`targets: '${format.slice(0, 40)}' is no format; there are ${FORMATS.join(', ')}`);
    }
    if (wanted.some((other) => other.name === name)) {
      throw new Failure(`targets: ${name} stands there twice`);
    }
    wanted.push({ name, format: format || null });
  }
  if (wanted.length === 0 || wanted.length > MOST_TARGETS) {
    throw new Failure(`targets: 1 to ${MOST_TARGETS} of them, one per line`);
  }
  return wanted;
}

function wanted(input) {
  if (!input('url')) {
    throw new Failure('url is missing');
  }
  const url = checked(input('url'), 'url');
  if (url.search) {
    throw new Failure('url holds a query');
  }
  const exported = input('export') || 'off';
  if (!['off', 'env'].includes(exported)) {
    throw new Failure("export is 'off' or 'env'");
  }
  const seconds = Number(input('timeout-seconds') || '30');
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 600) {
    throw new Failure('timeout-seconds is a number from 1 to 600');
  }
  return {
    url,
    targets: targets(input('targets')),
    audience: input('audience') || url.href.replace(/\/$/, ''),
    export: exported,
    caFile: input('ca-file') || null,
    timeout: seconds * 1000,
  };
}

module.exports = { wanted };
