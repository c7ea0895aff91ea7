@NullMarked
package io.parley.simulation.fleet;

import org.jspecify.annotations.NullMarked;
