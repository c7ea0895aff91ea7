@NullMarked
package io.parley.simulation.trace;

import org.jspecify.annotations.NullMarked;
