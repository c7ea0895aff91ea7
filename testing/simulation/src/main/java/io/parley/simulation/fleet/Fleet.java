package io.parley.simulation.fleet;

import io.parley.common.ParleyException;
import io.parley.serving.routing.Router;
import io.parley.simulation.trace.Arrival;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Plays a trace on a fleet from the first arrival until nothing is left.
 *
 * <p>The outcome depends on the settings and the trace alone, not on the threads. One fleet plays
 * one trace; not thread-safe.
 */
public final class Fleet {
  /** Virtual time after the last arrival in which all must be over. */
  private static final long MAX_DRAIN_NANOS = 3_600_000_000_000L;

  private final FleetSettings settings;
  private final Router router;
  private final LoadBoard loads;
  private final List<Replica> replicas = new ArrayList<>();
  private final List<SimulatedRequest> retries = new ArrayList<>();
  private final Statistics own; // of what happens between replicas
  private final List<Statistics> statistics = new ArrayList<>();
  private final Crew crew;
  private final Occupancy occupancy;
  private long arrived;
  private long underWay;

  /**
   * Makes idle replicas.
   *
   * @param tenants of the trace
   * @param threads how many threads play; {@code executor} has at least as many
   */
  public Fleet(FleetSettings settings, int tenants, ExecutorService executor, int threads) {
    SplittableRandom random = new SplittableRandom(settings.seed());
    this.settings = settings;
    this.router = new Router(settings.policy().routing(), random.split());
    this.loads = new LoadBoard(settings.replicas());
    TenantTerms terms = new TenantTerms(settings.policy().sharing(), tenants);
    for (int i = 0; i < settings.replicas(); i++) {
      replicas.add(
          new Replica(settings, terms, new FaultSchedule(settings.faults(), random.split())));
    }
    this.own = new Statistics(settings, tenants);
    for (int i = 0; i < threads; i++) {
      statistics.add(new Statistics(settings, tenants));
    }
    this.crew = new Crew(executor, statistics);
    this.occupancy = new Occupancy(settings);
  }

  /**
   * Plays.
   *
   * @param trace in the order of arrival
   * @throws ParleyException INVALID_REQUEST if there is no request in the trace
   * @throws IllegalStateException if the books are wrong in the end: a request has no outcome, or a
   *     block is still in use
   */
  public FleetReport play(Iterator<Arrival> trace) {
    if (!trace.hasNext()) {
      throw ParleyException.invalid("the trace holds no request");
    }
    Arrival next = trace.next();
    long now = 0;
    long lastArrivalNanos = 0;
    while (next != null || underWay > 0 || !retries.isEmpty()) {
      if (underWay == 0 && retries.isEmpty() && next != null) {
        now = Math.max(now, next.atNanos() / settings.reportNanos() * settings.reportNanos());
      }
      lastArrivalNanos = next == null ? lastArrivalNanos : next.atNanos();
      requireProgress(now - lastArrivalNanos);
      long until = now + settings.reportNanos();
      loads.report(replicas);
      routeAgain(now);
      next = routeArrivals(trace, next, until);
      crew.advance(replicas, until);
      replicas.forEach(replica -> replica.takeRetries(retries));
      underWay = replicas.stream().mapToLong(Replica::outstanding).sum();
      occupancy.observe(replicas, until);
      now = until;
    }
    return report();
  }

  private void requireProgress(long drainNanos) {
    if (drainNanos > MAX_DRAIN_NANOS) {
      throw new IllegalStateException(
          "%d requests are still under way an hour after the last arrival".formatted(underWay));
    }
  }

  private void routeAgain(long now) {
    List<SimulatedRequest> again = List.copyOf(retries);
    retries.clear();
    for (SimulatedRequest request : again) {
      if (request.arrival().leavesAtNanos() <= now) {
        own.ended(request, Outcome.CANCELLED, "CANCELLED", now);
      } else {
        route(request, now);
      }
    }
  }

  /** Routes what arrives before a time; returns what comes after, if anything does. */
  private @Nullable Arrival routeArrivals(
      Iterator<Arrival> trace, @Nullable Arrival first, long until) {
    Arrival next = first;
    while (next != null && next.atNanos() < until) {
      arrived++;
      own.arrived(next.atNanos());
      route(new SimulatedRequest(next), next.atNanos());
      next = trace.hasNext() ? trace.next() : null;
    }
    return next;
  }

  private void route(SimulatedRequest request, long now) {
    long key = request.arrival().prefixKey();
    int replica = key == Arrival.NO_PREFIX ? router.choose(loads) : router.choose(key, loads);
    if (replica == Router.NONE) {
      own.ended(request, Outcome.REFUSED, "NO_REPLICA", now);
    } else {
      loads.sent(replica);
      replicas.get(replica).deliver(request, now);
    }
  }

  private FleetReport report() {
    replicas.forEach(Replica::requireEmpty);
    statistics.forEach(own::add);
    return FleetReport.of(settings, own, occupancy, arrived);
  }
}
