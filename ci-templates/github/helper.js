'use strict';
// What tools run when they want a credential: credential_process, kubectl's exec plugin, Google's executable source,
// git's credential helper.
//   node helper.js FOLDER FORMAT TARGET
const { ask } = require('./lib/ask');

async function credential(folder, format, target) {
  if (format === 'google') {
    // AIP-4117: the subject token; Google's library shows it to the bridge itself.
    const token = await ask(folder, { op: 'subject' });
    const { exp } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString('utf8'));
    return JSON.stringify({
      version: 1,
      success: true,
      token_type: 'urn:ietf:params:oauth:token-type:jwt',
      id_token: token,
      expiration_time: exp,
    });
  }
  return ask(folder, { op: 'get', target, format });
}

async function main([folder, format, target, operation]) {
  // git also says `store` and `erase`; there is nothing to do for these.
  if (format === 'git' && operation !== 'get') {
    return;
  }
  try {
    process.stdout.write(await credential(folder, format, target));
  } catch (e) {
    if (format === 'google') {
      process.stdout.write(JSON.stringify({ version: 1, success: false, code: 'TOLLBRIDGE', message: e.message }));
    }
    process.stderr.write(`tollbridge: ${e.message}\n`);
    process.exitCode = e.temporary ? 3 : 1;
  }
}

main(process.argv.slice(2));
