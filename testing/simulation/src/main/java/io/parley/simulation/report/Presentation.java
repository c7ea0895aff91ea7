package io.parley.simulation.report;

import io.parley.simulation.fleet.FleetReport;
import java.util.List;
import java.util.Map;

/**
 * What is shown: reports side by side, and what a reader must know about them.
 *
 * @param title one line
 * @param scenario what was simulated, by name
 * @param reports one for each policy, at least one
 * @param notes sentences about what the figures do not say
 */
public record Presentation(
    String title, Map<String, String> scenario, List<FleetReport> reports, List<String> notes) {}
