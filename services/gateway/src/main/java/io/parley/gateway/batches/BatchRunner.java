package io.parley.gateway.batches;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.common.Ulid;
import io.parley.gateway.Principal;
import io.parley.gateway.messages.Call;
import io.parley.gateway.messages.RequestHead;
import io.parley.gateway.observation.Observation;
import io.parley.gateway.observation.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the requests of all batches, a bounded number at a time, the batches in turn, so that a
 * large one does not hold up a small one. One thread decides what happens next; each request has a
 * thread of its own. A request for which there is no room waits with its batch and is tried again;
 * one that a fault ends is tried a few times. Thread-safe.
 */
final class BatchRunner {
  private static final Logger log = LoggerFactory.getLogger(BatchRunner.class);

  /** After a failure of the database, which is tried again. */
  private static final Duration AFTER_FAULT = Duration.ofSeconds(1);

  private static final long MIN_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** The stages that a request goes through. */
  @FunctionalInterface
  interface Pipeline {
    void serve(Call call, Principal sender);
  }

  /** What to do next. */
  private sealed interface Step {
    /** Begins a request; the first that was not tried yet if no position is given. */
    record Begin(BatchProgress batch, OptionalInt position, int from) implements Step {}

    /** Ends a batch; what has no outcome gets this one. */
    record End(BatchProgress batch, BatchOutcome rest) implements Step {}
  }

  private final BatchStore store;
  private final Pipeline pipeline;
  private final Observation observation;
  private final ResultFormat format;
  private final TimeSource time;
  private final Ulid ids;
  private final ExecutorService threads;
  private final BatchLimits limits;

  private final Map<String, BatchCall> calls = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // Guarded by the lock; in the order in which they have their turn.
  private final Map<String, BatchProgress> batches = new LinkedHashMap<>();
  private int running;
  private boolean stopped;

  BatchRunner(
      BatchStore store,
      Pipeline pipeline,
      Observation observation,
      ResultFormat format,
      TimeSource time,
      Ulid ids,
      ExecutorService threads,
      BatchLimits limits) {
    this.store = store;
    this.pipeline = pipeline;
    this.observation = observation;
    this.format = format;
    this.time = time;
    this.ids = ids;
    this.threads = threads;
    this.limits = limits;
  }

  /** Goes on with what the last process left, and then with whatever comes. */
  void start() {
    store.removeUnacknowledged();
    store.open().forEach(this::add);
    threads.execute(this::dispatch);
  }

  void add(OpenBatch batch) {
    locked(() -> batches.putIfAbsent(batch.id(), new BatchProgress(batch)));
  }

  /** Begins no more requests of a batch. */
  void cancel(String id) {
    locked(
        () -> {
          BatchProgress batch = batches.get(id);
          if (batch != null) {
            batch.cancel();
          }
        });
  }

  /** The attempt of that id, if it is one of ours and under way. */
  @Nullable BatchCall call(String requestId) {
    return calls.get(requestId);
  }

  /**
   * Begins nothing any more and ends what runs, without results, so that the next process begins
   * with it again. Returns when that is done, or after the limit.
   */
  void stop(Duration limit) {
    locked(() -> stopped = true);
    calls.values().forEach(BatchCall::abort);
    lock.lock();
    try {
      long leftNanos = limit.toNanos();
      while (running > 0 && leftNanos > 0) {
        leftNanos = changed.awaitNanos(leftNanos);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void dispatch() {
    try {
      Step step;
      while ((step = next()) != null) {
        take(step);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until there is something to do; null when it is to stop. */
  private @Nullable Step next() throws InterruptedException {
    lock.lock();
    try {
      while (!stopped) {
        Instant now = time.now();
        Optional<Step> step = step(now);
        if (step.isPresent()) {
          return step.get();
        }
        changed.awaitNanos(untilNextChange(now));
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private Optional<Step> step(Instant now) {
    for (BatchProgress batch : List.copyOf(batches.values())) {
      Optional<BatchOutcome> ending = batch.ending(now);
      if (ending.isPresent()) {
        return Optional.of(new Step.End(batch, ending.get()));
      }
      if (running < limits.maxRunning() && batch.isReady(now)) {
        batches.remove(batch.batch().id());
        batches.put(batch.batch().id(), batch); // the next turn is another's
        OptionalInt again = batch.takeAgain();
        running += again.isPresent() ? 1 : 0;
        return Optional.of(new Step.Begin(batch, again, batch.next()));
      }
    }
    return Optional.empty();
  }

  private long untilNextChange(Instant now) {
    return batches.values().stream()
        .flatMap(batch -> batch.nextChange(now).stream())
        .min(Instant::compareTo)
        .map(change -> Math.max(Duration.between(now, change).toNanos(), MIN_WAIT_NANOS))
        .orElse(Long.MAX_VALUE);
  }

  private void take(Step step) {
    switch (step) {
      case Step.Begin begin -> begin(begin);
      case Step.End end -> end(end);
    }
  }

  private void end(Step.End step) {
    String id = step.batch().batch().id();
    try {
      store.end(id, step.rest(), format.notBegun(step.rest()), time.now());
      locked(() -> batches.remove(id));
    } catch (RuntimeException e) {
      pause("batch " + id + " cannot be ended", e);
    }
  }

  private void begin(Step.Begin step) {
    BatchProgress batch = step.batch();
    try {
      int from = step.position().orElse(step.from());
      Optional<BatchStore.Waiting> found = store.waiting(batch.batch().id(), from);
      if (step.position().isPresent()) {
        again(batch, step.position().getAsInt(), found);
      } else if (found.isEmpty()) {
        locked(batch::exhaust);
      } else {
        locked(
            () -> {
              batch.begun(found.get().position());
              running++;
            });
        run(batch, found.get());
      }
    } catch (RuntimeException e) {
      step.position().ifPresent(position -> postpone(batch, position, AFTER_FAULT.toMillis()));
      pause("requests of batch " + batch.batch().id() + " cannot be read", e);
    }
  }

  /** What got its outcome meanwhile, from a write that seemed to have failed, is done. */
  private void again(BatchProgress batch, int position, Optional<BatchStore.Waiting> found) {
    if (found.isPresent() && found.get().position() == position) {
      run(batch, found.get());
    } else {
      done(batch, position);
    }
  }

  private void pause(String what, RuntimeException e) {
    log.error(what, e);
    lock.lock();
    try {
      long leftNanos = AFTER_FAULT.toNanos();
      while (!stopped && leftNanos > 0) {
        leftNanos = changed.awaitNanos(leftNanos);
      }
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void run(BatchProgress batch, BatchStore.Waiting request) {
    String requestId = "req_" + ids.next();
    RequestHead head = new RequestHead(requestId, time.nanoTime(), null, null, null);
    Timeline timeline = observation.beginBatched(requestId);
    BatchCall call = new BatchCall(batch.batch(), request, head, timeline, format, threads);
    calls.put(requestId, call);
    abortIfStopped(call);
    try {
      threads.execute(() -> attempt(batch, call));
    } catch (RejectedExecutionException e) {
      calls.remove(requestId);
      postpone(batch, request.position(), AFTER_FAULT.toMillis());
    }
  }

  /** One that {@link #stop} was too early to see. */
  private void abortIfStopped(BatchCall call) {
    lock.lock();
    try {
      if (stopped) {
        call.abort();
      }
    } finally {
      lock.unlock();
    }
  }

  private void attempt(BatchProgress batch, BatchCall call) {
    try {
      pipeline.serve(call, call.batch().sender());
    } catch (ParleyException e) {
      call.fail(e.code(), String.valueOf(e.getMessage()), e.retryAfterMs());
    } catch (RuntimeException e) {
      log.error("request {} failed", call.head().requestId(), e);
      call.fail(ErrorCode.API, "Internal error", ParleyException.NO_RETRY);
    }
    BatchCall.Ended ended = call.ended().join();
    calls.remove(call.head().requestId());
    switch (ended) {
      case BatchCall.Ended.Settled settled -> done(batch, call.position());
      case BatchCall.Ended.Failed failed -> failed(batch, call, failed);
    }
  }

  private void failed(BatchProgress batch, BatchCall call, BatchCall.Ended.Failed failed) {
    switch (failed.code()) {
      case OVERLOADED, RATE_LIMIT -> postpone(batch, call.position(), failed.retryAfterMs());
      case API, TIMEOUT -> {
        if (call.result() != null || mayTryAgain(batch, call.position())) {
          postpone(batch, call.position(), failed.retryAfterMs());
        } else {
          errored(batch, call, failed);
        }
      }
      default -> errored(batch, call, failed);
    }
  }

  /** Counts a fault. A result that could not be written down is none of the request's. */
  private boolean mayTryAgain(BatchProgress batch, int position) {
    lock.lock();
    try {
      return batch.fault(position) < limits.maxAttempts();
    } finally {
      lock.unlock();
    }
  }

  private void errored(BatchProgress batch, BatchCall call, BatchCall.Ended.Failed failed) {
    String requestId = call.head().requestId();
    String result = format.errored(failed.code(), failed.message(), requestId);
    try {
      store.settle(call.batch().id(), call.position(), requestId, BatchOutcome.ERRORED, result);
      done(batch, call.position());
    } catch (RuntimeException e) {
      log.error("the failure of request {} cannot be written down", requestId, e);
      postpone(batch, call.position(), AFTER_FAULT.toMillis());
    }
  }

  private void done(BatchProgress batch, int position) {
    locked(
        () -> {
          running--;
          batch.done(position);
        });
  }

  private void postpone(BatchProgress batch, int position, long retryAfterMs) {
    locked(
        () -> {
          running--;
          batch.postpone(position, retryAfterMs, limits.maxPause(), time.now());
        });
  }
}
