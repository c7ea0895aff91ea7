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
 * that many with their part of the requests, from their part of the tenants ({@link
 * TraceSettings#slice}): with all tenants a slice would see each shared beginning so often that
 * every device has it in its cache, which those of a large fleet do not.
 *
 * <p>A slice is still not the whole. So what the search finds is played whole, and where that falls
 * short, the slices tell by how much: if the whole does as well as a slice of a fleet that is a
 * twentieth smaller, it has to grow by as much. Not thread-safe.
 */
public final class FleetSizer {
  /** Devices in the slice that stands for a larger fleet. */
  public static final int SLICE = 256;

  /** How often the whole of a large fleet is played at most. */
  public static final int MAX_WHOLE_RUNS = 3;

  private static final double CLOSE_ENOUGH = 1.02;
  private static final double LEAST_GROWTH = 1.005;
  private static final double MOST_GROWTH = 1.25;

  private final double attainment;
  private final int slice;
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
    this(attainment, SLICE, executor, threads, progress);
  }

  /** One whose slices have {@code slice} devices. */
  FleetSizer(
      double attainment,
      int slice,
      ExecutorService executor,
      int threads,
      Consumer<String> progress) {
    if (!(attainment > 0 && attainment < 1)) {
      throw ParleyException.invalid("attainment must be in (0, 1): " + attainment);
    }
    this.attainment = attainment;
    this.slice = slice;
    this.executor = executor;
    this.threads = threads;
    this.progress = progress;
  }

  /**
   * Sizes a fleet.
   *
   * @param settings of the fleet; its number of replicas does not matter
   * @return the report of the whole fleet that was found, or, if it falls short of the service
   *     level, of the last that was tried
   * @throws ParleyException INVALID_REQUEST if no fleet is large enough
   */
  public FleetReport size(FleetSettings settings, TraceSettings trace) {
    SizeCurve curve = new SizeCurve();
    int enough = search(settings, trace, curve);
    int replicas = enough;
    for (int runs = 1; ; runs++) {
      FleetReport report = play(settings.withReplicas(replicas), trace);
      tell("the whole", replicas, report);
      if (report.attainment() >= attainment || runs == MAX_WHOLE_RUNS) {
        return report;
      }
      double growth = enough / curve.devicesAt(report.attainment());
      replicas = (int) Math.ceil(replicas * Math.clamp(growth, LEAST_GROWTH, MOST_GROWTH));
    }
  }

  /** Doubles or halves until there is one that is enough and one that is not, then bisects. */
  private int search(FleetSettings settings, TraceSettings trace, SizeCurve curve) {
    int enough = (int) Math.min(FleetSettings.MAX_REPLICAS, Math.ceil(trace.arrivals().meanRate()));
    int tooFew = 0;
    while (!suffices(enough, settings, trace, curve)) {
      tooFew = enough;
      if (enough == FleetSettings.MAX_REPLICAS) {
        throw ParleyException.invalid(
            "no fleet of up to %d devices keeps this service level".formatted(enough));
      }
      enough = Math.min(FleetSettings.MAX_REPLICAS, 2 * enough);
    }
    while (tooFew == 0 && enough > 1) {
      int half = enough / 2;
      if (suffices(half, settings, trace, curve)) {
        enough = half;
      } else {
        tooFew = half;
      }
    }
    while (enough - tooFew > 1 && enough > CLOSE_ENOUGH * tooFew) {
      int middle = Math.clamp((long) Math.sqrt((double) enough * tooFew), tooFew + 1, enough - 1);
      if (suffices(middle, settings, trace, curve)) {
        enough = middle;
      } else {
        tooFew = middle;
      }
    }
    return enough;
  }

  private boolean suffices(
      int replicas, FleetSettings settings, TraceSettings trace, SizeCurve curve) {
    int played = Math.min(replicas, slice);
    FleetReport report =
        play(settings.withReplicas(played), trace.slice((double) played / replicas));
    tell(played < replicas ? "a slice of " + played : "all of it", replicas, report);
    curve.add(replicas, report.attainment());
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
