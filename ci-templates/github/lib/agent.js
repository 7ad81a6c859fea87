'use strict';
// Lives as long as the job: gives credentials to helpers, gets new ones before they end, ends them all when told to.
//
// It keeps the request token, which could get a token for any audience, in memory only, and asks for one audience only:
// the bridge's, fixed at start. Whoever reaches it (this user, with the bearer of a 0600 file) gets credentials of the
// targets of this step and nothing else.
const net = require('node:net');
const fs = require('node:fs');
const path = require('node:path');
const { timingSafeEqual } = require('node:crypto');
const { Bridge, endAll } = require('./bridge');
const { checked } = require('./http');
const { idToken } = require('./oidc');
const forms = require('./forms');
const { write } = require('./folder');

const MOST_LINE = 4096;
const MOST_HANDLES = 4096;
const REFRESH_TIMEOUT = 20_000;
// Of a credential's life, after which the next is wanted; a tenth by chance, so that jobs do not ask in step.
const REFRESH_AT = 0.55;

class Agent {
  constructor(start) {
    this.bridge = new Bridge(checked(start.url, 'url'), start.ca);
    this.audience = start.audience;
    this.source = start.source;
    this.bearer = Buffer.from(start.bearer);
    this.folder = start.folder;
    this.entries = new Map();
    this.handles = new Map();
    // Who asked without the bearer: nobody of this step does.
    this.strangers = 0;
    for (const { name, format, result } of start.targets) {
      this.entries.set(name, { name, format, refreshing: null });
      this.keep(name, result);
    }
  }

  keep(name, result) {
    const entry = this.entries.get(name);
    const now = Date.now();
    const life = Date.parse(result.expires_at) - now;
    entry.result = result;
    entry.ends = now + life;
    entry.next = now + life * (REFRESH_AT + Math.random() / 10);
    if (result.revocation_handle) {
      for (const [handle, { ends }] of this.handles) {
        if (ends < now || this.handles.size >= MOST_HANDLES) {
          this.handles.delete(handle);
        }
      }
      this.handles.set(result.revocation_handle, { ends: entry.ends, revocable: result.revocable !== false });
    }
    clearTimeout(entry.timer);
    if (entry.format === 'token' || entry.format === 'json') {
      write(path.join(this.folder, name), forms.text(entry.format, result, name));
      // Nobody asks for a file: it is renewed ahead.
      entry.timer = setTimeout(() => this.fresh(entry).catch(() => {}), Math.min(Math.max(entry.next - now, 1000), 2 ** 31 - 1));
    }
  }

  // The newest there is; while the bridge is away, what is still valid.
  async fresh(entry) {
    if (Date.now() < entry.next) {
      return entry.result;
    }
    entry.refreshing ??= this.refresh(entry).finally(() => {
      entry.refreshing = null;
    });
    try {
      await entry.refreshing;
    } catch (e) {
      if (Date.now() > entry.ends - 30_000) {
        throw e;
      }
      entry.next = Date.now() + 15_000;
    }
    return entry.result;
  }

  async refresh(entry) {
    const deadline = Date.now() + REFRESH_TIMEOUT;
    const subject = await idToken(this.source, this.audience, deadline);
    const [result] = await this.bridge.credentials(subject, [entry.name], deadline);
    this.keep(entry.name, result);
  }

  async answer({ op, target, format }) {
    if (op === 'stop') {
      return { ok: true, text: '' };
    }
    if (op === 'subject') {
      const token = await idToken(this.source, this.audience, Date.now() + REFRESH_TIMEOUT);
      return { ok: true, text: token };
    }
    const entry = this.entries.get(target);
    if (op !== 'get' || !entry) {
      return { ok: false, text: 'this step has no such target' };
    }
    return { ok: true, text: forms.text(format, await this.fresh(entry), entry.name) };
  }

  async serve(line) {
    let asked;
    try {
      asked = JSON.parse(line);
    } catch {
      return { ok: false, text: 'not a request' };
    }
    const shown = Buffer.from(String(asked.bearer || ''));
    if (shown.length !== this.bearer.length || !timingSafeEqual(shown, this.bearer)) {
      this.strangers++;
      return { ok: false, text: 'not for you' };
    }
    try {
      return { ...(await this.answer(asked)), stop: asked.op === 'stop' };
    } catch (e) {
      return { ok: false, text: e.message };
    }
  }

  async revokeAll() {
    for (const entry of this.entries.values()) {
      clearTimeout(entry.timer);
    }
    const deadline = Date.now() + 8_000;
    return endAll(this.bridge, [...this.handles].map(([handle, { revocable }]) => ({ handle, revocable })), deadline);
  }
}

function listen(agent, socket, ready) {
  let stopping = false;
  const server = net.createServer((connection) => {
    let line = '';
    connection.setEncoding('utf8');
    connection.setTimeout(60_000, () => connection.destroy());
    connection.on('error', () => {});
    connection.on('data', async (part) => {
      line += part;
      if (line.length > MOST_LINE) {
        connection.destroy();
        return;
      }
      if (!line.includes('\n')) {
        return;
      }
      connection.removeAllListeners('data');
      const { stop, ...said } = await agent.serve(line);
      if (stop && !stopping) {
        stopping = true;
        said.text = JSON.stringify({ ...(await agent.revokeAll()), strangers: agent.strangers });
        connection.end(`${JSON.stringify(said)}\n`, () => process.exit(0));
        return;
      }
      connection.end(`${JSON.stringify(said)}\n`);
    });
  });
  server.maxConnections = 64;
  server.listen(socket, ready);
}

function main() {
  // The socket's mode, in a folder that is closed already.
  process.umask(0o077);
  let given = '';
  process.stdin.setEncoding('utf8');
  process.stdin.on('data', (part) => {
    given += part;
  });
  process.stdin.on('end', () => {
    const start = JSON.parse(given);
    given = '';
    const agent = new Agent(start);
    listen(agent, start.socket, () => {
      fs.writeFileSync(path.join(start.folder, 'ready'), `${process.pid}\n`, { mode: 0o600 });
    });
    const end = () => agent.revokeAll().finally(() => process.exit(0));
    process.on('SIGTERM', end).on('SIGINT', end).on('SIGHUP', end);
    // The job's folder is gone: so is the job, and nobody came to say so.
    setInterval(() => {
      if (!fs.existsSync(start.folder)) {
        end();
      }
    }, 5_000);
  });
}

if (require.main === module) {
  main();
}

module.exports = { Agent };
