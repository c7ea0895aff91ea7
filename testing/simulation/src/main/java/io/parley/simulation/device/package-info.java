/**
 * A device in virtual time: how long a step of the engine takes on it. Main types: {@link
 * io.parley.simulation.device.Roofline}, the arithmetic, and {@link
 * io.parley.simulation.device.SimulatedRunner}, which stands where the kernels stand. Nothing here
 * reads a clock. Values are immutable; a runner belongs to one thread. Knows the engine's
 * interfaces, and of no fleet, trace or report.
 */
@NullMarked
package io.parley.simulation.device;

import org.jspecify.annotations.NullMarked;
