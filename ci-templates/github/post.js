'use strict';
// Runs when the job ends, however it ended: revokes, removes, restores.
const { undo } = require('./lib/undo');

undo();
