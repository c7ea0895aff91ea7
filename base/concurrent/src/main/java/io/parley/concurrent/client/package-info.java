/**
 * Calling somebody else's HTTP API without harming them or oneself. Main type: {@link
 * io.parley.concurrent.client.ApiClient}, over a {@link io.parley.concurrent.client.Transport}, of
 * which {@link io.parley.concurrent.client.HttpTransport} is the one over the JDK's HTTP client.
 *
 * <p>Calls block, so they belong on virtual threads. Everything may be used from any thread. Time,
 * waiting and chance are passed in. The package knows of HTTP's semantics (which methods are
 * idempotent, what status codes mean), and nothing of any particular API.
 */
@NullMarked
package io.parley.concurrent.client;

import org.jspecify.annotations.NullMarked;
