package io.parley.simulation.fleet;

import io.parley.common.ParleyException;
import io.parley.simulation.trace.Trace;
import io.parley.simulation.trace.TraceSettings;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;

/**
 * Finds the smallest fleet that keeps the service level for a share of the requests.
 *
 * <p>While it searches, a fleet of more than {@value #SLICE} devices is represented by a slice of
 * that many with their part of the requests; what it finds is then played whole, and grows by a
 * fiftieth as long as the whole falls short. Not thread-safe.
 */
public final class FleetSizer {
  /** Devices in the slice that stands for a larger fleet. */
  public static final int SLICE = 64;

  private static final double CLOSE_ENOUGH = 1.02;
  private static final double GROWTH = 1.02;
  private static final int MAX_GROWTHS = 5;

  private final double attainment;
  private final ExecutorService executor;
  private final int threads;
  private final Consumer<String> progress;

  /**
   * Makes a sizer.
   *
   * @param attainment share of the requests that must meet the service level, in (0, 1)
   * @param progress is told of every attempt
   */
  public FleetSizer(
      double attainment, ExecutorService executor, int threads, Consumer<String> progress) {
    if (!(attainment > 0 && attainment < 1)) {
      throw ParleyException.invalid("attainment must be in (0, 1): " + attainment);
    }
    this.attainment = attainment;
    this.executor = executor;
    this.threads = threads;
    this.progress = progress;
  }

  /**
   * Sizes a fleet.
   *
   * @param settings of the fleet; its number of replicas does not matter
   * @return the report of the whole fleet that was found
   * @throws ParleyException INVALID_REQUEST if no fleet is large enough
   */
  public FleetReport size(FleetSettings settings, TraceSettings trace) {
    int replicas = search(settings, trace);
    for (int growth = 0; ; growth++) {
      FleetReport report = playWhole(settings.withReplicas(replicas), trace);
      if (report.attainment() >= attainment || replicas <= SLICE || growth == MAX_GROWTHS) {
        return report;
      }
      replicas = (int) Math.ceil(replicas * GROWTH);
    }
  }

  private FleetReport playWhole(FleetSettings settings, TraceSettings trace) {
    FleetReport report = play(settings, trace);
    tell("the whole", settings.replicas(), report);
    return report;
  }

  /** Doubles or halves until there is one that is enough and one that is not, then bisects. */
  private int search(FleetSettings settings, TraceSettings trace) {
    int enough = (int) Math.min(FleetSettings.MAX_REPLICAS, Math.ceil(trace.arrivals().meanRate()));
    int tooFew = 0;
    while (!suffices(enough, settings, trace)) {
      tooFew = enough;
      if (enough == FleetSettings.MAX_REPLICAS) {
        throw ParleyException.invalid(
            "no fleet of up to %d devices keeps this service level".formatted(enough));
      }
      enough = Math.min(FleetSettings.MAX_REPLICAS, 2 * enough);
    }
    while (tooFew == 0 && enough > 1) {
      int half = enough / 2;
      if (suffices(half, settings, trace)) {
        enough = half;
      } else {
        tooFew = half;
      }
    }
    while (enough - tooFew > 1 && enough > CLOSE_ENOUGH * tooFew) {
      int middle = Math.clamp((long) Math.sqrt((double) enough * tooFew), tooFew + 1, enough - 1);
      if (suffices(middle, settings, trace)) {
        enough = middle;
      } else {
        tooFew = middle;
      }
    }
    return enough;
  }

  private boolean suffices(int replicas, FleetSettings settings, TraceSettings trace) {
    int slice = Math.min(replicas, SLICE);
    double rate = trace.arrivals().meanRate() * slice / replicas;
    FleetReport report = play(settings.withReplicas(slice), trace.withRate(rate));
    tell(slice < replicas ? "a slice of " + slice : "the whole", replicas, report);
    return report.attainment() >= attainment;
  }

  private FleetReport play(FleetSettings settings, TraceSettings trace) {
    return new Fleet(settings, trace.tenants(), executor, threads).play(new Trace(trace));
  }

  private void tell(String part, int replicas, FleetReport report) {
    progress.accept(
        "%d devices (%s): %.2f %% of the requests within the service level"
            .formatted(replicas, part, 100 * report.attainment()));
  }
}
