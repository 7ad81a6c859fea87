'use strict';
// Asks the agent of a step.
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const { Failure } = require('./failure');

function ask(folder, question, timeout = 30_000) {
  return new Promise((resolve, reject) => {
    let where;
    try {
      where = JSON.parse(fs.readFileSync(path.join(folder, 'agent.json'), 'utf8'));
    } catch {
      reject(new Failure('the step that made this helper is over'));
      return;
    }
    let answer = '';
    const connection = net.connect(where.socket, () => {
      connection.write(`${JSON.stringify({ ...question, bearer: where.bearer })}\n`);
    });
    connection.setEncoding('utf8');
    connection.setTimeout(timeout, () => connection.destroy(new Error('no answer')));
    connection.on('error', () => reject(new Failure('the step that made this helper is over', { temporary: true })));
    connection.on('data', (part) => {
      answer += part;
    });
    connection.on('close', () => {
      try {
        const { ok, text } = JSON.parse(answer);
        (ok ? resolve : reject)(ok ? text : new Failure(text));
      } catch {
        reject(new Failure('the agent gave no answer', { temporary: true }));
      }
    });
  });
}

module.exports = { ask };
