'use strict';
// One request with bounds. Errors name the host, never a header, a body or a URL.
const http = require('node:http');
const https = require('node:https');
const { Failure } = require('./failure');

const MOST_BYTES = 1024 * 1024;

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

function isLoopback(host) {
  return host === 'localhost' || host === '127.0.0.1' || host === '[::1]';
}

// https, or http on this machine: tokens travel there.
function checked(text, what) {
  let url;
  try {
    url = new URL(text);
  } catch {
    throw new Failure(`${what} is not a URL`);
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw new Failure(`${what} has to be https: tokens are sent there`);
  }
  if (url.username || url.password || url.hash) {
    throw new Failure(`${what} holds a user name, a password or a fragment`);
  }
  return url;
}

function once(url, { method = 'GET', headers = {}, body = null, ca = null, timeout }) {
  return new Promise((resolve, reject) => {
    const library = url.protocol === 'https:' ? https : http;
    const request = library.request(url, { method, headers, agent: false, ...(ca ? { ca } : {}) });
    const lost = (why, sent) =>
      reject(Object.assign(new Failure(`${url.hostname} cannot be reached (${why})`, { temporary: true }), { sent }));
    const timer = setTimeout(() => {
      lost('no answer in time', true);
      request.destroy();
    }, timeout);
    let connected = false;
    request.on('socket', (socket) => {
      socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
        connected = true;
      });
    });
    request.on('error', (e) => {
      clearTimeout(timer);
      lost(e.code || 'failed', connected);
    });
    request.on('response', (response) => {
      const chunks = [];
      let bytes = 0;
      response.on('data', (chunk) => {
        bytes += chunk.length;
        if (bytes > MOST_BYTES) {
          lost('too large an answer', true);
          request.destroy();
        } else {
          chunks.push(chunk);
        }
      });
      response.on('error', () => lost('answer cut off', true));
      response.on('end', () => {
        clearTimeout(timer);
        resolve({ status: response.statusCode, headers: response.headers, text: Buffer.concat(chunks).toString('utf8') });
      });
    });
    request.end(body);
  });
}

// Asks again, with jitter, while that can help and there is time: after network errors that came before anything was
// sent, and after 5xx where `again` says that repeating is harmless.
async function request(url, options, { deadline, again = () => false }) {
  for (let attempt = 0; ; attempt++) {
    const left = deadline - Date.now();
    if (left <= 0) {
      throw new Failure(`${url.hostname} cannot be reached in time`, { temporary: true });
    }
    let pause = 250 * 2 ** attempt * (0.5 + Math.random());
    try {
      const answer = await once(url, { ...options, timeout: Math.min(left, 10_000) });
      if (answer.status < 500 || !again(answer) || attempt === 3) {
        return answer;
      }
      pause = Math.max(pause, Number(answer.headers['retry-after'] || 0) * 1000);
    } catch (e) {
      if (e.sent || attempt === 3) {
        throw e;
      }
    }
    if (Date.now() + pause >= deadline) {
      throw new Failure(`${url.hostname} cannot be reached in time`, { temporary: true });
    }
    await sleep(pause);
  }
}

function json(answer, host) {
  try {
    const tree = JSON.parse(answer.text);
    if (tree !== null && typeof tree === 'object' && !Array.isArray(tree)) {
      return tree;
    }
  } catch {
    // Said below.
  }
  throw new Failure(`${host} answered ${answer.status} with something that is not JSON`, { temporary: answer.status >= 500 });
}

module.exports = { checked, request, json };
