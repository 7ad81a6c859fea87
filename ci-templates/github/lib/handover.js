'use strict';
// Leaves credentials where tools look for them: by a helper that the tool runs, or a file; variables only on request.
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const forms = require('./forms');
const { write } = require('./folder');

const HELPER = path.resolve(__dirname, '..', 'helper.js');

const variable = (name) => name.toUpperCase().replace(/[^A-Z0-9]/g, '_');

// Split without a shell by AWS's tools, which know double quotes.
const commandLine = (...words) => words.map((word) => `"${word}"`).join(' ');

function sections(text) {
  const found = [];
  for (const line of text.split(/\r?\n/)) {
    const header = /^\s*\[(.+)\]\s*$/.exec(line);
    if (header) {
      found.push({ name: header[1].trim(), lines: [line] });
    } else if (found.length > 0) {
      found.at(-1).lines.push(line);
    }
  }
  return found;
}

class Handover {
  // `settings` become variables of the steps that follow, and are taken back at the end.
  constructor(folder, environment) {
    this.folder = folder;
    this.environment = environment;
    this.settings = new Map();
    this.told = [];
  }

  set(name, value) {
    this.settings.set(name, String(value));
  }

  helper(format, target) {
    return [process.execPath, HELPER, this.folder, format, target];
  }

  // A profile each, the first of them the default, before whatever the job had configured.
  aws(targets) {
    const profiles = [];
    targets.forEach((target, i) => {
      const process_ = `credential_process = ${commandLine(...this.helper('aws', target))}`;
      if (i === 0) {
        profiles.push({ name: 'default', lines: ['[default]', process_] });
      }
      profiles.push({ name: `profile ${target}`, lines: [`[profile ${target}]`, process_] });
    });
    const before = this.environment.AWS_CONFIG_FILE || path.join(os.homedir(), '.aws', 'config');
    const kept = fs.existsSync(before) ? sections(fs.readFileSync(before, 'utf8')) : [];
    for (const section of kept) {
      const ours = profiles.find((profile) => profile.name === section.name);
      if (ours) {
        // Region and the like stay; where credentials come from is ours.
        ours.lines.push(...section.lines.slice(1).filter((line) => /^\s*(region|output|endpoint_url)\s*=/.test(line)));
      } else {
        profiles.push(section);
      }
    }
    const file = path.join(this.folder, 'aws-config');
    write(file, `${profiles.map((profile) => profile.lines.join('\n')).join('\n')}\n`);
    this.set('AWS_CONFIG_FILE', file);
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']) {
      if (this.environment[name]) {
        this.told.push(`${name} is set in this job and would win over the profile; it is emptied.`);
        this.set(name, '');
      }
    }
  }

  // Users only: which cluster, the job's own kubeconfig says.
  kube(targets) {
    const users = targets.map((target) => ({
      name: `tollbridge-${target}`,
      user: {
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1',
          command: process.execPath,
          args: this.helper('kube', target).slice(1),
          interactiveMode: 'Never',
        },
      },
    }));
    const file = path.join(this.folder, 'kubeconfig');
    write(file, JSON.stringify({ apiVersion: 'v1', kind: 'Config', users }, null, 1));
    const before = this.environment.KUBECONFIG || path.join(os.homedir(), '.kube', 'config');
    this.set('KUBECONFIG', `${before}${path.delimiter}${file}`);
    this.told.push(`kubectl --user ${users.map((user) => user.name).join(' | ')}`);
  }

  google(target, bridge) {
    const file = path.join(this.folder, `${target}-google.json`);
    write(
      file,
      JSON.stringify({
        type: 'external_account',
        audience: target,
        subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        token_url: `${bridge}/token`,
        credential_source: {
          // Split on blanks, without quotes (AIP-4117).
          executable: { command: this.helper('google', target).join(' '), timeout_millis: 30000 },
        },
      }),
    );
    this.set('GOOGLE_APPLICATION_CREDENTIALS', file);
    this.set('CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE', file);
    this.set('GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES', '1');
  }

  git(targets) {
    let count = Number(this.environment.GIT_CONFIG_COUNT || 0);
    for (const target of targets) {
      // git runs it by a shell.
      const words = this.helper('git', target).map((word) => `'${word.replace(/'/g, "'\\''")}'`).join(' ');
      this.set(`GIT_CONFIG_KEY_${count}`, 'credential.https://github.com.helper');
      this.set(`GIT_CONFIG_VALUE_${count}`, `!${words}`);
      count++;
    }
    this.set('GIT_CONFIG_COUNT', count);
  }

  file(target) {
    this.set(`TOLLBRIDGE_FILE_${variable(target)}`, path.join(this.folder, target));
  }

  // On request: these do not refresh.
  variables(target, format, result) {
    if (result.issued_token_type === forms.AWS) {
      const keys = forms.aws(result, target);
      this.set('AWS_ACCESS_KEY_ID', keys.AccessKeyId);
      this.set('AWS_SECRET_ACCESS_KEY', keys.SecretAccessKey);
      this.set('AWS_SESSION_TOKEN', keys.SessionToken);
    } else {
      this.set(`TOLLBRIDGE_TOKEN_${variable(target)}`, forms.token(result, target));
    }
  }
}

function handover(folder, wanted, results, environment) {
  const over = new Handover(folder, environment);
  const named = (format) => wanted.targets.filter((target) => target.format === format).map((target) => target.name);
  if (named('aws').length > 0) {
    over.aws(named('aws'));
  }
  if (named('kube').length > 0) {
    over.kube(named('kube'));
  }
  named('google').forEach((target) => over.google(target, wanted.url.href.replace(/\/$/, '')));
  if (named('git').length > 0) {
    over.git(named('git'));
  }
  [...named('token'), ...named('json')].forEach((target) => over.file(target));
  if (wanted.export === 'env') {
    wanted.targets.forEach((target, i) => over.variables(target.name, target.format, results[i]));
  }
  return over;
}

module.exports = { handover };
