package io.parley.bench;

import io.parley.common.TimeSource;
import io.parley.ports.model.Generation;
import io.parley.ports.model.GenerationEvent.Cancelled;
import io.parley.ports.model.GenerationEvent.Completed;
import io.parley.ports.model.GenerationEvent.Started;
import io.parley.ports.model.GenerationEvent.Text;
import io.parley.ports.model.GenerationListener;
import io.parley.ports.model.GenerationRequest;
import io.parley.ports.model.ModelDescriptor;
import io.parley.ports.model.ModelPool;
import io.parley.ports.model.Prompt;
import io.parley.ports.model.StopReason;
import io.parley.ports.model.Usage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A model without a model: every stream gets a token at each tick, as from engines with {@value
 * #ENGINES} batches that take turns within a tick. With a pace of zero an answer comes whole and at
 * once. What is left to measure is the gateway. Each token's text is the nanosecond at which it was
 * due, so that its reader can tell how late it came.
 */
final class PacedModelPool implements ModelPool, AutoCloseable {
  static final String MODEL = "paced";
  private static final int INPUT_TOKENS = 10;

  /** No engine has thousands of sequences in one step. */
  private static final int ENGINES = 8;

  private final ModelDescriptor model =
      new ModelDescriptor(MODEL, "Paced", Instant.EPOCH, 1_000_000, true, false, false);
  private final ScheduledThreadPoolExecutor engine = new ScheduledThreadPoolExecutor(1);
  private final List<Queue<Stream>> batches =
      java.util.stream.Stream.<Queue<Stream>>generate(ConcurrentLinkedQueue::new)
          .limit(ENGINES)
          .toList();
  private final AtomicInteger begun = new AtomicInteger();
  private final TimeSource time;
  private final boolean immediate;
  private int turn; // belongs to the engine thread

  PacedModelPool(long tickMillis, TimeSource time) {
    this.time = time;
    this.immediate = tickMillis == 0;
    if (!immediate) {
      ScheduledFuture<?> _ =
          engine.scheduleAtFixedRate(
              this::tick, tickMillis * 1_000, tickMillis * 1_000 / ENGINES, TimeUnit.MICROSECONDS);
    }
  }

  private void tick() {
    String due = Long.toString(time.nanoTime()) + ' ';
    batches.get(turn).removeIf(stream -> stream.advance(due));
    turn = (turn + 1) % ENGINES;
  }

  @Override
  public List<ModelDescriptor> models() {
    return List.of(model);
  }

  @Override
  public Optional<ModelDescriptor> find(String name) {
    return name.equals(MODEL) ? Optional.of(model) : Optional.empty();
  }

  @Override
  public int countTokens(String modelId, Prompt prompt) {
    return INPUT_TOKENS;
  }

  @Override
  public Generation generate(GenerationRequest request, GenerationListener listener) {
    Stream stream = new Stream(request.maxTokens(), listener);
    listener.on(new Started(INPUT_TOKENS));
    if (immediate) {
      stream.finish();
    } else {
      batches.get(begun.getAndIncrement() % ENGINES).add(stream);
    }
    return stream;
  }

  @Override
  public void close() {
    engine.shutdownNow();
  }

  /** Driven by one thread, but for {@link #cancel}: the engine's, or at no pace its caller's. */
  private static final class Stream implements Generation {
    private final int maxTokens;
    private final GenerationListener listener;
    private volatile boolean cancelled;
    private int written;

    Stream(int maxTokens, GenerationListener listener) {
      this.maxTokens = maxTokens;
      this.listener = listener;
    }

    /** Writes one token; true when the stream is over. */
    boolean advance(String text) {
      if (cancelled) {
        listener.on(new Cancelled(usage()));
        return true;
      }
      listener.on(new Text(text, ++written));
      if (written < maxTokens) {
        return false;
      }
      listener.on(new Completed(StopReason.MAX_TOKENS, null, usage()));
      return true;
    }

    void finish() {
      listener.on(new Text("x".repeat(4 * maxTokens), maxTokens));
      written = maxTokens;
      listener.on(new Completed(StopReason.MAX_TOKENS, null, usage()));
    }

    private Usage usage() {
      return new Usage(INPUT_TOKENS, written);
    }

    @Override
    public void cancel() {
      cancelled = true;
    }
  }
}
