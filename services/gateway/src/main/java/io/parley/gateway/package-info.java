/**
 * What the gateway needs of the outside and what it can be told: who calls ({@link
 * io.parley.gateway.Authenticator}, {@link io.parley.gateway.Principal}) and its {@link
 * io.parley.gateway.GatewayLimits limits}; and what several of its rooms share, the memory of what
 * was read ({@link io.parley.gateway.RecentReads}). What a request means and the way it takes is in
 * {@code io.parley.gateway.messages}; HTTP is in {@code io.parley.gateway.http}, and nowhere else.
 *
 * <p>Everything here is immutable or thread-safe, and knows of no HTTP library, no storage and no
 * engine.
 */
@NullMarked
package io.parley.gateway;

import org.jspecify.annotations.NullMarked;
