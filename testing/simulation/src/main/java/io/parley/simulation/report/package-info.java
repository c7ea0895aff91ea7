/**
 * Results of a simulation as text, JSON and a page with plots. Main type: {@link
 * io.parley.simulation.report.HtmlReport}. The page is one file that loads nothing. Stateless.
 * Prints to what it is given.
 */
@NullMarked
package io.parley.simulation.report;

import org.jspecify.annotations.NullMarked;
