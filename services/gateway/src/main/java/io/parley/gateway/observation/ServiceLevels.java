package io.parley.gateway.observation;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.parley.gateway.slo.SloMonitor;
import io.parley.ports.model.ServiceClass;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/**
 * The service level indicators, by organisation and model. Thread-safe.
 *
 * <ul>
 *   <li>{@code parley.messages.queue}: histogram, time that a prompt waited for its turn
 *   <li>{@code parley.messages.ttft}: histogram, from the head of the request to the first text
 *   <li>{@code parley.messages.inter.token}: histogram, time between two writes of text divided by
 *       the tokens generated between them
 *   <li>{@code parley.messages.outcomes}: counter, also by outcome and by whose fault it was
 *       ({@link Outcome})
 * </ul>
 *
 * <p>The histograms leave out requests of batches, for which nobody waits.
 *
 * <p>The label {@code organisation} has as many values as {@link ActiveOrganisations} shows and one
 * for all others; series of those that are not shown any more are taken away. What an answer under
 * way adds to such a series afterwards is lost to it, and to nothing else.
 */
final class ServiceLevels {
  private static final long[] QUEUE_MS = {1, 10, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000};
  private static final long[] TTFT_MS = {
    25, 50, 100, 200, 300, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000, 10_000, 20_000, 30_000
  };
  private static final long[] INTER_TOKEN_MS = {
    1, 2, 5, 10, 20, 30, 40, 50, 75, 100, 150, 200, 300, 500, 1_000
  };

  private record Series(String organisation, String model) {}

  private record Ended(Series series, Outcome outcome) {}

  private final MeterRegistry meters;
  private final SloMonitor slos;
  private final ActiveOrganisations organisations;
  private final Map<String, ModelLevels> models = new ConcurrentHashMap<>();
  private final Map<Series, AnswerLevels> answers = new ConcurrentHashMap<>();
  private final Map<Ended, Counter> outcomes = new ConcurrentHashMap<>();

  ServiceLevels(MeterRegistry meters, SloMonitor slos, ActiveOrganisations organisations) {
    this.meters = meters;
    this.slos = slos;
    this.organisations = organisations;
  }

  /** Where an answer's figures go. */
  AnswerLevels answer(Timeline timeline) {
    return isBatched(timeline)
        ? AnswerLevels.NONE
        : answers.computeIfAbsent(
            new Series(organisations.name(timeline.organisationId()), timeline.modelId()),
            this::open);
  }

  private static boolean isBatched(Timeline timeline) {
    return timeline.serviceClass() == ServiceClass.BATCH;
  }

  private AnswerLevels open(Series series) {
    return new AnswerLevels.Measured(
        timer("parley.messages.queue", series, QUEUE_MS, 0),
        timer("parley.messages.ttft", series, TTFT_MS, slos.slos().ttft().thresholdNanos()),
        timer(
            "parley.messages.inter.token",
            series,
            INTER_TOKEN_MS,
            slos.slos().interToken().thresholdNanos()),
        model(series.model));
  }

  /** The threshold of the objective is a bucket too, so that dashboards can count by it. */
  private Timer timer(String name, Series series, long[] bucketsMs, long thresholdNanos) {
    Duration[] buckets =
        LongStream.concat(
                LongStream.of(bucketsMs).map(ms -> ms * 1_000_000), LongStream.of(thresholdNanos))
            .filter(nanos -> nanos > 0)
            .distinct()
            .sorted()
            .mapToObj(Duration::ofNanos)
            .toArray(Duration[]::new);
    return Timer.builder(name).tags(tags(series)).serviceLevelObjectives(buckets).register(meters);
  }

  private static Tags tags(Series series) {
    return Tags.of("organisation", series.organisation, "model", series.model);
  }

  /** A request ended. */
  void ended(Timeline timeline) {
    ModelLevels model = model(timeline.modelId());
    model.ended(timeline.outcome(), !isBatched(timeline));
    model.used(timeline.usage());
    String organisation =
        timeline.organisationId().equals(Timeline.UNKNOWN)
            ? Timeline.UNKNOWN
            : organisations.seen(timeline.organisationId());
    outcomes
        .computeIfAbsent(
            new Ended(new Series(organisation, timeline.modelId()), timeline.outcome()),
            this::counter)
        .increment();
  }

  private Counter counter(Ended ended) {
    return Counter.builder("parley.messages.outcomes")
        .tags(tags(ended.series))
        .tags("outcome", ended.outcome.name(), "fault", ended.outcome.fault().wireName())
        .register(meters);
  }

  private ModelLevels model(String model) {
    return models.computeIfAbsent(model, id -> new ModelLevels(id, slos));
  }

  /** The figures of all models. */
  Collection<ModelLevels> models() {
    return Collections.unmodifiableCollection(models.values());
  }

  /** Takes the series away of those that are not among the busiest any more. */
  void refresh() {
    organisations.refresh();
    Set<String> shown = organisations.shown();
    Predicate<Series> gone =
        series ->
            !shown.contains(series.organisation)
                && !series.organisation.equals(ActiveOrganisations.OTHER)
                && !series.organisation.equals(Timeline.UNKNOWN);
    answers
        .entrySet()
        .removeIf(entry -> isDropped(gone, entry.getKey(), entry.getValue().meters()));
    outcomes
        .entrySet()
        .removeIf(entry -> isDropped(gone, entry.getKey().series, List.of(entry.getValue())));
  }

  private boolean isDropped(Predicate<Series> gone, Series series, List<? extends Meter> its) {
    boolean drop = gone.test(series);
    if (drop) {
      its.forEach(meters::remove);
    }
    return drop;
  }
}
