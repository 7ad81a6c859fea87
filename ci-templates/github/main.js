'use strict';
// The step itself: token, masks, one call for all targets, hand-over.
const { run } = require('./lib/step');

run();
