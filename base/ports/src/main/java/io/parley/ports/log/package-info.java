/**
 * The port to a log of events that others read in order, now or later. Main type: {@link
 * io.parley.ports.log.EventLog}. Events are bytes; what must be read by key alone, at random, is no
 * log.
 */
@NullMarked
package io.parley.ports.log;

import org.jspecify.annotations.NullMarked;
