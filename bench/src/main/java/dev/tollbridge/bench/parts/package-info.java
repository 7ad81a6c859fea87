/// The parts of an exchange one by one, for JMH.
@NullMarked
package dev.tollbridge.bench.parts;

import org.jspecify.annotations.NullMarked;
