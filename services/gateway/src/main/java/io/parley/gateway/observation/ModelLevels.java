package io.parley.gateway.observation;

import io.parley.gateway.slo.Slo;
import io.parley.gateway.slo.SloCounter;
import io.parley.gateway.slo.SloMonitor;
import io.parley.ports.model.Usage;
import java.util.concurrent.atomic.LongAdder;

/** How well one model serves all organisations together, since the start. Thread-safe. */
@SuppressWarnings("EnumOrdinal") // a counter for each fault: nothing outlives the process
final class ModelLevels {
  final LatencyHistogram ttft = new LatencyHistogram();
  final LatencyHistogram interToken = new LatencyHistogram();
  final LongAdder inputTokens = new LongAdder();
  final LongAdder outputTokens = new LongAdder();
  final LongAdder[] byFault = new LongAdder[Outcome.Fault.values().length];
  private final SloCounter ttftSlo;
  private final SloCounter interTokenSlo;
  private final SloCounter availabilitySlo;

  ModelLevels(String model, SloMonitor slos) {
    boolean known = !model.equals(Timeline.UNKNOWN);
    this.ttftSlo = latency(slos, slos.slos().ttft(), model, known);
    this.interTokenSlo = latency(slos, slos.slos().interToken(), model, known);
    this.availabilitySlo = slos.counter(slos.slos().availability(), model);
    for (int i = 0; i < byFault.length; i++) {
      byFault[i] = new LongAdder();
    }
  }

  /** What fails before it has a model has no latency to promise. */
  private static SloCounter latency(SloMonitor slos, Slo slo, String model, boolean known) {
    return known ? slos.counter(slo, model) : SloMonitor.unwatched(slo);
  }

  void firstToken(long nanos) {
    ttft.record(nanos);
    ttftSlo.took(nanos);
  }

  void nextToken(long nanos) {
    interToken.record(nanos);
    interTokenSlo.took(nanos);
  }

  void used(Usage usage) {
    inputTokens.add(
        (long) usage.inputTokens() + usage.cacheCreationTokens() + usage.cacheReadTokens());
    outputTokens.add(usage.outputTokens());
  }

  /**
   * A request ended.
   *
   * @param waitedFor whether it has a part in the objective. What the client or its organisation
   *     could have done better says nothing of availability either way
   */
  void ended(Outcome outcome, boolean waitedFor) {
    byFault[outcome.fault().ordinal()].increment();
    if (waitedFor) {
      count(outcome);
    }
  }

  private void count(Outcome outcome) {
    switch (outcome.fault()) {
      case NONE -> availabilitySlo.count(true);
      case SERVER -> availabilitySlo.count(false);
      case CLIENT, LIMIT -> {}
    }
  }
}
