@NullMarked
package io.parley.simulation.calibration;

import org.jspecify.annotations.NullMarked;
