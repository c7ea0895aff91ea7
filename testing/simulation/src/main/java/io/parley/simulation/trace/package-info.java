/**
 * Requests that could have been: when they arrive, whose they are and how long, all of it from one
 * seed. Main type: {@link io.parley.simulation.trace.Trace}. Each property has a random stream of
 * its own, so that changing one leaves the others as they were. Not thread-safe. Knows nothing of
 * who serves the requests.
 */
@NullMarked
package io.parley.simulation.trace;

import org.jspecify.annotations.NullMarked;
