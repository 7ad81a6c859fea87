'use strict';
const fs = require('node:fs');
const path = require('node:path');
const os = require('node:os');
const { randomBytes, randomUUID } = require('node:crypto');
const { spawn } = require('node:child_process');
const runner = require('./runner');
const folders = require('./folder');
const forms = require('./forms');
const oidc = require('./oidc');
const { Bridge } = require('./bridge');
const { Failure } = require('./failure');
const { handover } = require('./handover');
const { wanted } = require('./wanted');

function event(environment) {
  try {
    return JSON.parse(fs.readFileSync(environment.GITHUB_EVENT_PATH, 'utf8'));
  } catch {
    return null;
  }
}

// A path of a socket has at most some hundred characters.
function socketFor(folder) {
  if (process.platform === 'win32') {
    return `\\\\.\\pipe\\tollbridge-${randomUUID()}`;
  }
  const inside = path.join(folder, 'agent.sock');
  return inside.length < 100 ? inside : path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'tb-')), 's');
}

// What the agent is told goes through its stdin: arguments and environment are for others to read.
async function startAgent(folder, start, deadline) {
  const { ACTIONS_ID_TOKEN_REQUEST_TOKEN: _, ACTIONS_ID_TOKEN_REQUEST_URL: __, ...environment } = process.env;
  for (const name of Object.keys(environment).filter((key) => key.startsWith('INPUT_') || key.startsWith('ACTIONS_'))) {
    delete environment[name];
  }
  const child = spawn(process.execPath, [path.join(__dirname, 'agent.js')], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: folder,
    env: environment,
  });
  let ended = false;
  child.on('exit', () => {
    ended = true;
  });
  child.on('error', () => {
    ended = true;
  });
  child.stdin.end(JSON.stringify({ ...start, folder }));
  while (!fs.existsSync(path.join(folder, 'ready'))) {
    if (ended || Date.now() > deadline) {
      throw new Failure('the helper process did not start');
    }
    await new Promise((done) => setTimeout(done, 10));
  }
  child.unref();
}

async function step() {
  const environment = process.env;
  const asked = wanted(runner.input);
  const deadline = Date.now() + asked.timeout;
  const source = oidc.source(environment, event(environment));
  runner.mask(source.token);
  const ca = asked.caFile ? fs.readFileSync(asked.caFile, 'utf8') : null;
  const bridge = new Bridge(asked.url, ca);

  const folder = folders.make(environment);
  runner.saveState('folder', folder);
  runner.saveState('url', asked.url.href);
  runner.saveState('ca-file', asked.caFile || '');

  const subject = await oidc.idToken(source, asked.audience, deadline);
  runner.mask(subject);
  let results;
  try {
    results = await bridge.credentials(subject, asked.targets.map((target) => target.name), deadline);
  } catch (e) {
    throw new Failure(`${e.message}\nWhat the bridge was shown:\n${oidc.summary(subject)}`);
  }
  // Before anything else can print: a later failure must not show what this step got.
  results.forEach((result, i) => forms.secrets(result, asked.targets[i].name).forEach(runner.mask));
  runner.saveState(
    'handles',
    JSON.stringify(
      results
        .filter((result) => result.revocation_handle)
        .map((result) => ({ handle: result.revocation_handle, revocable: result.revocable !== false })),
    ),
  );
  asked.targets.forEach((target, i) => {
    target.format ??= forms.usual(results[i]);
    if (target.format !== 'google') {
      forms.text(target.format, results[i], target.name);
    }
  });

  const over = handover(folder, asked, results, environment);
  const agent = { socket: socketFor(folder), bearer: randomBytes(32).toString('base64url') };
  folders.write(path.join(folder, 'agent.json'), JSON.stringify(agent));
  await startAgent(
    folder,
    {
      ...agent,
      url: asked.url.href,
      ca,
      audience: asked.audience,
      source,
      targets: asked.targets.map((target, i) => ({ ...target, result: results[i] })),
    },
    deadline,
  );
  const before = Object.fromEntries([...over.settings.keys()].map((name) => [name, environment[name] ?? '']));
  runner.saveState('before', JSON.stringify(before));
  for (const [name, value] of over.settings) {
    runner.exportVariable(name, value);
  }
  runner.output('issuances', results.map((result) => result.issuance).join(','));
  runner.output('expires-at', results.map((result) => result.expires_at).sort()[0]);
  runner.output('folder', folder);
  asked.targets.forEach((target, i) => {
    runner.notice(`${target.name} as ${target.format}, until ${results[i].expires_at} (${results[i].issuance})`);
  });
  over.told.forEach(runner.notice);
}

async function run() {
  try {
    await step();
  } catch (e) {
    // Only our own words: another error's message may quote anything.
    runner.error(e instanceof Failure ? e.message : `unexpected ${e.name}${e.code ? ` ${e.code}` : ''}`);
    process.exitCode = 1;
  }
}

module.exports = { run };
