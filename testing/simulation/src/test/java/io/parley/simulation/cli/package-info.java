@NullMarked
package io.parley.simulation.cli;

import org.jspecify.annotations.NullMarked;
