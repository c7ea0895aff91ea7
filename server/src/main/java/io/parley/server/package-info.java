/**
 * The one place where the parts are put together. Main type: {@link io.parley.server.Platform},
 * which builds a server from a configuration and a {@link io.parley.server.Profile}: the list of
 * adapters that it runs on. Plain constructors, read top to bottom.
 *
 * <p>What is here is used by the thread that starts and the one that stops the server. It knows
 * every part, and no part knows it.
 */
@NullMarked
package io.parley.server;

import org.jspecify.annotations.NullMarked;
