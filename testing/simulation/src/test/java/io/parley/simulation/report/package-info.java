@NullMarked
package io.parley.simulation.report;

import org.jspecify.annotations.NullMarked;
