package io.parley.gateway.observation;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.parley.common.TimeSource;
import io.parley.gateway.slo.SloMonitor;
import io.parley.gateway.slo.Slos;
import io.parley.ports.model.ServiceClass;
import java.util.Optional;
import java.util.Set;

/**
 * Sees the requests of a gateway: begins their timelines, and when one ends tells everybody who
 * wants to know. Thread-safe; {@link #tick} is to be called once a {@link LiveSeries#SLOT}.
 *
 * <p>Metrics: those of {@link ServiceLevels}, {@link Occupancy} and {@link SloMonitor}, and {@code
 * parley.messages.replays}, a counter of requests that read the answer of an earlier one.
 */
public final class Observation {
  private final MeterRegistry meters;
  private final TimeSource time;
  private final SloMonitor slos;
  private final ActiveOrganisations organisations;
  private final ServiceLevels levels;
  private final Occupancy occupancy;
  private final RecentRequests recent;
  private final LiveSeries series;
  private final Counter replays;
  private final RequestListener further;

  /**
   * Nothing seen yet.
   *
   * @param maxOrganisations with figures of their own
   * @param further is told of requests that have ended, too
   */
  public Observation(
      MeterRegistry meters,
      TimeSource time,
      Slos objectives,
      int maxOrganisations,
      RequestListener further) {
    this.meters = meters;
    this.time = time;
    this.slos = new SloMonitor(objectives, meters, time);
    this.organisations = new ActiveOrganisations(maxOrganisations, time);
    this.levels = new ServiceLevels(meters, slos, organisations);
    this.occupancy = new Occupancy(meters);
    this.recent = new RecentRequests(objectives.ttft().thresholdNanos());
    this.series = new LiveSeries(time.nanoTime());
    this.replays = meters.counter("parley.messages.replays");
    this.further = further;
  }

  /** With the usual objectives, and figures of 20 organisations. */
  public static Observation of(MeterRegistry meters, TimeSource time) {
    return new Observation(meters, time, Slos.DEFAULTS, 20, RequestListener.NONE);
  }

  /**
   * A request begins.
   *
   * @param receivedNanos when its head came
   */
  public Timeline begin(String requestId, long receivedNanos, Optional<TraceParent> parent) {
    return new Timeline(
        requestId, receivedNanos, ServiceClass.INTERACTIVE, parent, time, this::ended);
  }

  /** A request of a batch begins. It has no part in the objectives, for nobody waits for it. */
  public Timeline beginBatched(String requestId) {
    return new Timeline(
        requestId, time.nanoTime(), ServiceClass.BATCH, Optional.empty(), time, this::ended);
  }

  /** A call begins of which no figures are kept. */
  public Timeline unobserved(String requestId, long receivedNanos) {
    return new Timeline(
        requestId,
        receivedNanos,
        ServiceClass.INTERACTIVE,
        Optional.empty(),
        time,
        RequestListener.NONE);
  }

  private void ended(Timeline timeline) {
    if (timeline.outcome().equals(Outcome.REPLAYED)) {
      replays.increment();
    }
    levels.ended(timeline);
    recent.ended(timeline);
    further.ended(timeline);
  }

  /** Where the figures of an answer go. */
  public AnswerLevels answer(Timeline timeline) {
    return levels.answer(timeline);
  }

  /** Looks at what has come together since the last time. */
  public void tick() {
    levels.refresh();
    slos.tick();
    series.tick(time.now(), time.nanoTime(), levels.models());
  }

  public MeterRegistry meters() {
    return meters;
  }

  public SloMonitor slos() {
    return slos;
  }

  public Occupancy occupancy() {
    return occupancy;
  }

  public RecentRequests recent() {
    return recent;
  }

  public LiveSeries series() {
    return series;
  }

  /** The organisations that have figures of their own now. */
  public Set<String> organisations() {
    return organisations.shown();
  }
}
