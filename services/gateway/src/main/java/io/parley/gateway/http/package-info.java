/**
 * The Messages API over HTTP/1.1 and HTTP/2. Main type: {@link io.parley.gateway.http.Gateway},
 * which is also the only one that others see; no type of the HTTP library leaves this package.
 *
 * <p>One event loop per core owns its connections, its requests and every write to them; what
 * blocks runs on a virtual thread per request. Tokens cross from the engine's thread through a
 * mailbox per answer, and one wake-up per loop drains all mailboxes that have something: each
 * answer's news is encoded once, into a {@link io.parley.gateway.http.Recording} on the loop where
 * the answer began; {@link io.parley.gateway.http.Viewer}s on any loop read that and write all that
 * is new at once. A class says which thread it belongs to. The package knows nothing of what a
 * request means: that is {@code io.parley.gateway.messages}.
 */
@NullMarked
package io.parley.gateway.http;

import org.jspecify.annotations.NullMarked;
