package io.parley.gateway.observation;

import io.parley.common.TimeSource;
import io.parley.gateway.Principal;
import io.parley.ports.model.ServiceClass;
import io.parley.ports.model.Usage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * What one request went through: when it passed which stage, for whom, by which model, and what
 * came of it. Spans, the operator's waterfall and figures are all made from it, after the end, so
 * that a request itself costs a clock reading and a store a stage.
 *
 * <p>A stage is passed by one thread, but different stages by different ones. It ends once; what
 * comes after that does nothing. The getters that need an end say so.
 */
@SuppressWarnings("EnumOrdinal") // a slot for each stage: nothing outlives the process
public final class Timeline {
  /** Instead of a name that is not known. */
  public static final String UNKNOWN = "none";

  private static final Stage[] STAGES = Stage.values();

  private final String requestId;
  private final long receivedNanos;
  private final ServiceClass serviceClass;
  private final @Nullable TraceParent parent;
  private final TimeSource time;
  private final RequestListener listener;

  /** Nanoseconds since it was received at the end of each stage; 0 for not passed. */
  private final AtomicLongArray ends = new AtomicLongArray(STAGES.length);

  private final AtomicBoolean ended = new AtomicBoolean();
  private String organisationId = UNKNOWN;
  private String apiKeyId = UNKNOWN;
  private String modelId = UNKNOWN;
  private Outcome outcome = Outcome.ABANDONED;
  private String message = "";
  private Usage usage = new Usage(0, 0);
  private long totalNanos;
  private Instant endedAt = Instant.EPOCH;

  /**
   * A span of time in a request's life.
   *
   * @param startNanos since the request was received
   * @param endNanos since the request was received
   */
  public record Passed(Stage stage, long startNanos, long endNanos) {}

  /**
   * A request that begins.
   *
   * @param receivedNanos on the clock of {@code time}
   * @param listener is told of the end
   */
  public Timeline(
      String requestId,
      long receivedNanos,
      ServiceClass serviceClass,
      Optional<TraceParent> parent,
      TimeSource time,
      RequestListener listener) {
    this.requestId = requestId;
    this.receivedNanos = receivedNanos;
    this.serviceClass = serviceClass;
    this.parent = parent.orElse(null);
    this.time = time;
    this.listener = listener;
  }

  /** A stage ends here, and the next begins. */
  public void passed(Stage stage) {
    passed(stage, sinceReceivedNanos());
  }

  /** A stage ended earlier than now, by so many nanoseconds since the request was received. */
  public void passed(Stage stage, long nanos) {
    ends.setRelease(stage.ordinal(), Math.max(1, nanos));
  }

  /** Whose request it is. */
  public void sentBy(Principal principal) {
    organisationId = principal.organisationId();
    apiKeyId = principal.apiKeyId();
  }

  /** The model that answers. */
  public void answeredBy(String model) {
    modelId = model;
  }

  /** It is over, with this. */
  public void end(Outcome how, Usage taken) {
    end(how, "", taken);
  }

  /** It is over without anything taken. */
  public void fail(Outcome how, String why) {
    end(how, why, new Usage(0, 0));
  }

  /**
   * It is over.
   *
   * @param why what the client is told of a failure; empty for nothing
   */
  public void end(Outcome how, String why, Usage taken) {
    if (ended.compareAndSet(false, true)) {
      outcome = how;
      message = why;
      usage = taken;
      totalNanos = sinceReceivedNanos();
      endedAt = time.now();
      listener.ended(this);
    }
  }

  public String requestId() {
    return requestId;
  }

  /** Whether somebody waits for it. */
  public ServiceClass serviceClass() {
    return serviceClass;
  }

  /** The sender's span, if it named one. */
  public Optional<TraceParent> parent() {
    return Optional.ofNullable(parent);
  }

  /** {@link #UNKNOWN} until it is known. */
  public String organisationId() {
    return organisationId;
  }

  /** The id of the key, never the secret; {@link #UNKNOWN} until it is known. */
  public String apiKeyId() {
    return apiKeyId;
  }

  /** {@link #UNKNOWN} until it is known. */
  public String modelId() {
    return modelId;
  }

  /** Nanoseconds since it was received. */
  public long sinceReceivedNanos() {
    return time.nanoTime() - receivedNanos;
  }

  /** When a stage ended, in nanoseconds since it was received; 0 if it was not passed. */
  public long endOf(Stage stage) {
    return ends.getAcquire(stage.ordinal());
  }

  /** From the request to the first text, in milliseconds; empty if there was none. */
  public OptionalLong ttftMs() {
    long nanos = endOf(Stage.PREFILL);
    return nanos == 0
        ? OptionalLong.empty()
        : OptionalLong.of(TimeUnit.NANOSECONDS.toMillis(nanos));
  }

  /** What came of it; known at the end. */
  public Outcome outcome() {
    return outcome;
  }

  /** What the client was told of a failure; known at the end. */
  public String message() {
    return message;
  }

  /** What it took; known at the end. */
  public Usage usage() {
    return usage;
  }

  /** From the request to its end; known at the end. */
  public long totalNanos() {
    return totalNanos;
  }

  /** When it ended; known at the end. */
  public Instant endedAt() {
    return endedAt;
  }

  /** When it was received, by the clock at its end. */
  public Instant receivedAt() {
    return endedAt.minusNanos(totalNanos);
  }

  /** The stages that it passed, in order, without gaps, none before another's end. */
  public List<Passed> stages() {
    List<Passed> passed = new ArrayList<>(STAGES.length);
    long start = 0;
    for (Stage stage : STAGES) {
      long end = endOf(stage);
      if (end != 0) {
        end = Math.max(start, end);
        passed.add(new Passed(stage, start, end));
        start = end;
      }
    }
    return passed;
  }
}
