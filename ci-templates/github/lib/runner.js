'use strict';
// What the runner understands: commands on stdout, and lines in the files it names.
const { appendFileSync } = require('node:fs');
const { EOL } = require('node:os');
const { randomUUID } = require('node:crypto');

// Workflow commands: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
function escapeData(text) {
  return String(text).replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function command(name, text) {
  process.stdout.write(`::${name}::${escapeData(text)}${EOL}`);
}

function toFile(variable, name, value) {
  const file = process.env[variable];
  if (!file) {
    throw new Error(`${variable} is not set; is this a runner?`);
  }
  // A delimiter nobody can guess, so that no value can end its own block and set another variable.
  const delimiter = `end_${randomUUID()}`;
  appendFileSync(file, `${name}<<${delimiter}${EOL}${value}${EOL}${delimiter}${EOL}`);
}

// A runner hides the exact text only, so the encodings in which it usually shows up are hidden with it.
function mask(secret) {
  const shapes = new Set();
  for (const text of [secret, ...secret.split(/\r?\n/)]) {
    if (text.length < 4) {
      continue;
    }
    const bytes = Buffer.from(text, 'utf8');
    shapes.add(text);
    shapes.add(encodeURIComponent(text));
    shapes.add(JSON.stringify(text).slice(1, -1));
    shapes.add(bytes.toString('base64url'));
    shapes.add(bytes.toString('hex'));
    // Base64 of a longer text that the secret stands in begins at one of three places of a group: what is the same
    // whatever stands around it.
    for (let before = 0; before < 3; before++) {
      const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64').replace(/=+$/, '');
      shapes.add(encoded.slice(before === 0 ? 0 : before + 1, encoded.length - 1));
    }
    shapes.add(bytes.toString('base64'));
  }
  for (const shape of shapes) {
    if (shape.length >= 4) {
      command('add-mask', shape);
    }
  }
}

module.exports = {
  mask,
  error: (text) => command('error', text),
  warning: (text) => command('warning', text),
  notice: (text) => process.stdout.write(`${String(text).replace(/^::/gm, ' ::')}${EOL}`),
  // Inputs: https://docs.github.com/actions/reference/metadata-syntax-for-github-actions#inputs
  input: (name) => (process.env[`INPUT_${name.replace(/ /g, '_').toUpperCase()}`] || '').trim(),
  output: (name, value) => toFile('GITHUB_OUTPUT', name, value),
  saveState: (name, value) => toFile('GITHUB_STATE', name, value),
  state: (name) => process.env[`STATE_${name}`] || '',
  exportVariable: (name, value) => toFile('GITHUB_ENV', name, value),
};
