/**
 * Many devices, each with a real {@link io.parley.engine.Scheduler}, behind a real {@link
 * io.parley.serving.routing.Router}, in virtual time. Main type: {@link
 * io.parley.simulation.fleet.Fleet}.
 *
 * <p>Time goes in short intervals. At the beginning of one the router hears the loads of all
 * replicas and routes what arrives within it; then each replica plays the interval alone, event by
 * event. So replicas can be played by as many threads as there are, and the outcome is the same bit
 * for bit. Within an interval a {@link io.parley.simulation.fleet.Replica} belongs to one thread.
 * Knows nothing of how results are shown.
 */
@NullMarked
package io.parley.simulation.fleet;

import org.jspecify.annotations.NullMarked;
