/**
 * What the gateway sees of its own requests: when each passed which stage, what came of it, and the
 * figures that follow. Main types: {@link io.parley.gateway.observation.Observation}, of which a
 * gateway has one, and {@link io.parley.gateway.observation.Timeline}, of which a request has one.
 * Thread-safe, and cheap: the way of a token crosses two counters and a histogram, with no look-up.
 * It must not know what prompts and answers say.
 */
@NullMarked
package io.parley.gateway.observation;

import org.jspecify.annotations.NullMarked;
