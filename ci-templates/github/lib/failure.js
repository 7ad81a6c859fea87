'use strict';

// Something a person has to change or wait for: its message is all that is printed.
class Failure extends Error {
  // `temporary`: asking again later may help.
  constructor(message, { temporary = false, retryAfter = null } = {}) {
    super(message);
    this.temporary = temporary;
    this.retryAfter = retryAfter;
  }
}

module.exports = { Failure };
