/**
 * Fits a {@link io.parley.simulation.device.Device} to the kernels of this machine, and says how
 * well it predicts what it was not fitted to. Main type: {@link
 * io.parley.simulation.calibration.Calibration}. One thread and its processor time. Knows the
 * decoder, and nothing of fleets.
 */
@NullMarked
package io.parley.simulation.calibration;

import org.jspecify.annotations.NullMarked;
