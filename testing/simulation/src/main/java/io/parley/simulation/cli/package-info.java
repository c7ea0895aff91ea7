/**
 * {@code ./parley simulate}: the command line of the simulation. Main type: {@link
 * io.parley.simulation.cli.Main}.
 */
@NullMarked
package io.parley.simulation.cli;

import org.jspecify.annotations.NullMarked;
