/**
 * The Messages API: who may call, what a request means, and the way of a request through the gates
 * and the model. Main type: {@link io.parley.gateway.Authenticator}; HTTP itself is in {@code
 * io.parley.gateway.http}.
 *
 * <p>Everything here is immutable or thread-safe unless it says otherwise, and knows of no HTTP
 * library, no storage and no engine.
 */
@NullMarked
package io.parley.gateway;

import org.jspecify.annotations.NullMarked;
