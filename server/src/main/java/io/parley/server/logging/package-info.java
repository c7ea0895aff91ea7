/**
 * How log lines look and where they go; no line has words of a prompt. Main type: {@link
 * io.parley.server.logging.CompactConsole}, which the logging library finds and calls once, on the
 * thread that logs first.
 */
@NullMarked
package io.parley.server.logging;

import org.jspecify.annotations.NullMarked;
