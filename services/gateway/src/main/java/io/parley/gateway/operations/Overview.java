package io.parley.gateway.operations;

import io.parley.gateway.limits.LimitsReport;
import io.parley.gateway.observation.LiveSeries;
import io.parley.gateway.observation.Occupancy;
import io.parley.gateway.observation.Timeline;
import io.parley.gateway.slo.SloStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * How a server does. Immutable.
 *
 * @param series the last minutes, the oldest first
 * @param queueByClass the most urgent first
 * @param queueByOrganisation those with most first
 * @param circuits state by model
 * @param slowed organisations whose requests are let through one by one
 * @param limits of the organisations that are active
 * @param errors the last requests that did not end well, the latest first
 * @param names of the organisations that occur, by id; none for one that is not there any more
 */
public record Overview(
    Instant at,
    List<LiveSeries.Point> series,
    List<Occupancy.Load> queueByClass,
    List<Occupancy.Load> queueByOrganisation,
    List<ModelLoad> models,
    Map<String, String> circuits,
    int slowed,
    List<LimitsReport.Use> limits,
    List<SloStatus> slos,
    List<Timeline> errors,
    Map<String, String> names) {
  public Overview {
    series = List.copyOf(series);
    queueByClass = List.copyOf(queueByClass);
    queueByOrganisation = List.copyOf(queueByOrganisation);
    models = List.copyOf(models);
    circuits = Map.copyOf(circuits);
    limits = List.copyOf(limits);
    slos = List.copyOf(slos);
    errors = List.copyOf(errors);
    names = Map.copyOf(names);
  }
}
