/**
 * A started server, driven as its users drive it: by the official Java SDK, over raw sockets, with
 * signals. {@link io.parley.integration.RunningParley} is the server: a process of its own on a
 * free loopback port.
 */
@NullMarked
package io.parley.integration;

import org.jspecify.annotations.NullMarked;
