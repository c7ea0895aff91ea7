/**
 * The command line of the server. Main type: {@link io.parley.server.cli.Main}. The only place that
 * ends the process and the home of standard output. Runs on the main thread.
 */
@NullMarked
package io.parley.server.cli;

import org.jspecify.annotations.NullMarked;
