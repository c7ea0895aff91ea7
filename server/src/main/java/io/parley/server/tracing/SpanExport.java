package io.parley.server.tracing;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.parley.gateway.observation.Outcome;
import io.parley.gateway.observation.RequestListener;
import io.parley.gateway.observation.Stage;
import io.parley.gateway.observation.Timeline;
import io.parley.gateway.observation.TraceParent;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes a trace of a request: a span for the whole, and one for each stage. Which requests are
 * worth it is decided at their end, when it is known what came of them: those that failed by the
 * server's fault, the slow ones, those whose sender keeps its own part, and of the rest a share.
 * All others cost a comparison. Thread-safe.
 */
public final class SpanExport implements RequestListener, AutoCloseable {
  private static final String SCOPE = "io.parley.gateway";

  /** Spans that wait to be sent; more are dropped. */
  private static final int MAX_WAITING = 8_192;

  private static final Duration SEND_EVERY = Duration.ofSeconds(1);
  private static final long CLOSE_S = 3;

  private final SdkTracerProvider provider;
  private final Tracer tracer;
  private final Executor threads;
  private final int samplePercent;
  private final long slowNanos;
  private final AtomicLong seen = new AtomicLong();

  SpanExport(SpanExporter exporter, int samplePercent, long slowNanos, Executor threads) {
    this.provider =
        SdkTracerProvider.builder()
            .setResource(Resource.create(resource()))
            .addSpanProcessor(
                BatchSpanProcessor.builder(exporter)
                    .setMaxQueueSize(MAX_WAITING)
                    .setScheduleDelay(SEND_EVERY)
                    .build())
            .build();
    this.tracer = provider.get(SCOPE);
    this.samplePercent = samplePercent;
    this.slowNanos = slowNanos;
    this.threads = threads;
  }

  /**
   * Sends spans to a collector.
   *
   * @param endpoint of OTLP over HTTP
   * @param samplePercent of the requests that are not kept anyway, 0 to 100
   * @param slowNanos a first text that takes longer makes a request slow
   * @param threads makes the spans
   */
  public static SpanExport to(URI endpoint, int samplePercent, long slowNanos, Executor threads) {
    OtlpExporter exporter = new OtlpExporter(endpoint, resource(), SCOPE);
    return new SpanExport(exporter, samplePercent, slowNanos, threads);
  }

  private static Attributes resource() {
    return Attributes.of(AttributeKey.stringKey("service.name"), "parley");
  }

  @Override
  public void ended(Timeline timeline) {
    if (isWorthIt(timeline)) {
      try {
        threads.execute(() -> record(timeline));
      } catch (RejectedExecutionException e) {
        // The server stops, and with it its traces.
      }
    }
  }

  private boolean isWorthIt(Timeline timeline) {
    return timeline.outcome().fault() == Outcome.Fault.SERVER
        || timeline.endOf(Stage.PREFILL) > slowNanos
        || timeline.parent().filter(TraceParent::sampled).isPresent()
        || isInSample();
  }

  /** Evenly: of any hundred in a row, so many. */
  private boolean isInSample() {
    return samplePercent > 0 && seen.getAndIncrement() * samplePercent % 100 < samplePercent;
  }

  private void record(Timeline timeline) {
    Instant begin = timeline.receivedAt();
    Span whole =
        attributes(tracer.spanBuilder(name(timeline)), timeline)
            .setParent(parent(timeline))
            .setSpanKind(SpanKind.SERVER)
            .setStartTimestamp(begin)
            .startSpan();
    Context inside = Context.root().with(whole);
    for (Timeline.Passed stage : timeline.stages()) {
      tracer
          .spanBuilder(stage.stage().wireName())
          .setParent(inside)
          .setStartTimestamp(begin.plusNanos(stage.startNanos()))
          .startSpan()
          .end(begin.plusNanos(stage.endNanos()));
    }
    if (timeline.outcome().fault() == Outcome.Fault.SERVER) {
      whole.setStatus(StatusCode.ERROR);
    }
    whole.end(timeline.endedAt());
  }

  private static String name(Timeline timeline) {
    return switch (timeline.serviceClass()) {
      case INTERACTIVE -> "POST /v1/messages";
      case BATCH -> "request of a batch";
    };
  }

  private static Context parent(Timeline timeline) {
    return timeline
        .parent()
        .map(
            sender ->
                SpanContext.createFromRemoteParent(
                    sender.traceId(),
                    sender.spanId(),
                    TraceFlags.getSampled(),
                    TraceState.getDefault()))
        .map(sender -> Context.root().with(Span.wrap(sender)))
        .orElseGet(Context::root);
  }

  /** Names as in the semantic conventions for generative AI, where there is one. */
  private static SpanBuilder attributes(SpanBuilder span, Timeline timeline) {
    return span.setAttribute("parley.request.id", timeline.requestId())
        .setAttribute("parley.organization.id", timeline.organisationId())
        .setAttribute("parley.outcome", timeline.outcome().name())
        .setAttribute("gen_ai.operation.name", "chat")
        .setAttribute("gen_ai.response.model", timeline.modelId())
        .setAttribute("gen_ai.usage.input_tokens", (long) timeline.usage().inputTokens())
        .setAttribute("gen_ai.usage.output_tokens", (long) timeline.usage().outputTokens());
  }

  /** Sends what waits, as far as that takes no longer than a moment. */
  @Override
  public void close() {
    provider.shutdown().join(CLOSE_S, TimeUnit.SECONDS);
  }
}
