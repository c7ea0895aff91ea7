/**
 * Which of several workers serves a request. Main type: {@link io.parley.serving.routing.Router}: a
 * pure decision from a key and the workers' loads, without threads, clocks or connections, so that
 * the same class routes in production and in the fleet simulation. A router is not thread-safe. The
 * package knows of no engine, model, port or transport.
 */
@NullMarked
package io.parley.serving.routing;

import org.jspecify.annotations.NullMarked;
