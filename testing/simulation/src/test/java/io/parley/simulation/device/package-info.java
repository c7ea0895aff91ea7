@NullMarked
package io.parley.simulation.device;

import org.jspecify.annotations.NullMarked;
