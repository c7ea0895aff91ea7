package io.parley.gateway.operations;

import io.parley.common.TimeSource;
import io.parley.gateway.circuit.Circuits;
import io.parley.gateway.limits.LimitsReport;
import io.parley.gateway.observation.Observation;
import io.parley.gateway.observation.Occupancy;
import io.parley.gateway.observation.RecentRequests;
import io.parley.gateway.observation.Timeline;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What those who run the server may see of it. Thread-safe; may block.
 *
 * <p>However many look, an overview is made once a second at most, and the limits of organisations,
 * which may need the database, every {@link #LIMITS_LIFE} at most; so looking costs next to
 * nothing.
 */
public final class Operations {
  private static final Duration OVERVIEW_LIFE = Duration.ofMillis(900);
  private static final Duration LIMITS_LIFE = Duration.ofSeconds(5);

  /** Organisations with something waiting that are listed. */
  private static final int MOST_WAITING = 20;

  /** Requests that did not end well that the overview has; the list of errors has more. */
  private static final int MOST_ERRORS = 8;

  private record Made<T>(T value, long nanos) {}

  private final Observation observation;
  private final Circuits circuits;
  private final Optional<LimitsReport> limits;
  private final Supplier<List<ModelLoad>> models;
  private final OrganisationNames names;
  private final TimeSource time;
  private @Nullable Made<Overview> overview; // guarded by this
  private @Nullable Made<List<LimitsReport.Use>> uses; // guarded by this

  /**
   * @param limits empty for a server without
   * @param models what the engines are doing; cheap
   * @param names asked for a handful of them whenever something is looked at
   */
  public Operations(
      Observation observation,
      Circuits circuits,
      Optional<LimitsReport> limits,
      Supplier<List<ModelLoad>> models,
      OrganisationNames names,
      TimeSource time) {
    this.observation = observation;
    this.circuits = circuits;
    this.limits = limits;
    this.models = models;
    this.names = names;
    this.time = time;
  }

  /** How the server does now, or did a moment ago. */
  public synchronized Overview overview() {
    Made<Overview> known = overview;
    if (known == null || isOld(known, OVERVIEW_LIFE)) {
      known = new Made<>(look(), time.nanoTime());
      overview = known;
    }
    return known.value;
  }

  private boolean isOld(Made<?> made, Duration life) {
    return time.nanoTime() - made.nanos >= life.toNanos();
  }

  private Overview look() {
    List<ModelLoad> loads = models.get();
    List<Occupancy.Load> queue = observation.occupancy().byOrganisation(MOST_WAITING);
    List<LimitsReport.Use> uses = uses(loads);
    List<Timeline> errors = observation.recent().failed().stream().limit(MOST_ERRORS).toList();
    return new Overview(
        time.now(),
        observation.series().points(),
        observation.occupancy().byClass(),
        queue,
        loads,
        circuits.states(),
        circuits.organisationsSlowed(),
        uses,
        observation.slos().status(),
        errors,
        names(queue, uses, errors));
  }

  private Map<String, String> names(
      List<Occupancy.Load> queue, List<LimitsReport.Use> uses, List<Timeline> errors) {
    Set<String> ids = new HashSet<>();
    queue.forEach(load -> ids.add(load.name()));
    uses.forEach(use -> ids.add(use.organisationId()));
    errors.forEach(error -> ids.add(error.organisationId()));
    return names.of(ids);
  }

  private List<LimitsReport.Use> uses(List<ModelLoad> loads) {
    Made<List<LimitsReport.Use>> known = uses;
    if (known == null || isOld(known, LIMITS_LIFE)) {
      known =
          new Made<>(limits.map(report -> uses(report, loads)).orElse(List.of()), time.nanoTime());
      uses = known;
    }
    return known.value;
  }

  private List<LimitsReport.Use> uses(LimitsReport report, List<ModelLoad> loads) {
    List<String> names = loads.stream().map(ModelLoad::model).toList();
    return observation.organisations().stream()
        .sorted()
        .map(organisation -> report.of(organisation, names))
        .toList();
  }

  /** The names of the organisations whose requests these are, by id. */
  public Map<String, String> names(List<Timeline> requests) {
    return names.of(requests.stream().map(Timeline::organisationId).collect(Collectors.toSet()));
  }

  /** The requests that ended of late. */
  public RecentRequests requests() {
    return observation.recent();
  }
}
