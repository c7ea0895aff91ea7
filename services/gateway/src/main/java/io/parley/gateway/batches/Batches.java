package io.parley.gateway.batches;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.common.Ulid;
import io.parley.gateway.Principal;
import io.parley.gateway.administration.Page;
import io.parley.gateway.administration.PageRequest;
import io.parley.gateway.json.Field;
import io.parley.gateway.messages.Accepted;
import io.parley.gateway.messages.Conclusion;
import io.parley.gateway.messages.Ledger;
import io.parley.gateway.messages.MessagesPipeline;
import io.parley.gateway.messages.RequestReader;
import io.parley.gateway.observation.Observation;
import io.parley.ports.data.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutorService;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Message batches. As a {@link Ledger} it writes the result of a request in the transaction of its
 * usage event. Thread-safe; every method may block.
 */
public final class Batches implements Ledger, AutoCloseable {
  /** Results that are read at once. */
  private static final int RESULT_ROWS = 100;

  /** What requests under way get to end without a result. */
  private static final Duration LAST_STEPS = Duration.ofSeconds(5);

  private final BatchStore store;
  private final TimeSource time;
  private final Ulid ids;
  private final ExecutorService threads;
  private final BatchLimits limits;
  private volatile @Nullable BatchRunner runner;

  /**
   * Keeps batches; they run from {@link #start} on.
   *
   * @param threads runs what blocks, one thread for each request
   */
  public Batches(
      Database database, TimeSource time, Ulid ids, ExecutorService threads, BatchLimits limits) {
    this.store = new BatchStore(database, limits);
    this.time = time;
    this.ids = ids;
    this.threads = threads;
    this.limits = limits;
  }

  /** Runs batches, those first that an earlier process left. Called once. */
  public void start(MessagesPipeline pipeline, ResultFormat format, Observation observation) {
    BatchRunner started =
        new BatchRunner(store, pipeline::serve, observation, format, time, ids, threads, limits);
    runner = started;
    started.start();
  }

  /**
   * Begins no more requests, and ends those under way without results; the next process begins with
   * them again.
   */
  @Override
  public void close() {
    BatchRunner running = runner;
    if (running != null) {
      running.stop(LAST_STEPS);
    }
  }

  /**
   * Makes a batch. When this returns, it will run, whatever happens to this process.
   *
   * @throws ParleyException INVALID_REQUEST if the body or one of its requests is wrong, RATE_LIMIT
   *     if the organisation has as many batches under way as it may
   */
  public Batch create(Principal sender, Field body, RequestReader requests) {
    List<BatchItem> items = new BatchReader(requests, limits.maxRequests()).read(body);
    Instant now = Instant.ofEpochMilli(time.now().toEpochMilli());
    Batch made = store.add("msgbatch_" + ids.next(), sender, items, now);
    BatchRunner running = runner;
    if (running != null) {
      running.add(new OpenBatch(made.id(), sender, made.expiresAt(), false));
    }
    return made;
  }

  /** A page, newest first. */
  public Page<Batch> list(Principal asking, PageRequest page) {
    return store.list(asking, page);
  }

  /**
   * One batch.
   *
   * @throws ParleyException NOT_FOUND if there is none
   */
  public Batch get(Principal asking, String id) {
    return store.get(asking, id);
  }

  /**
   * Begins no more of its requests; those under way come to their end. One that has ended stays.
   *
   * @throws ParleyException NOT_FOUND if there is none
   */
  public Batch cancel(Principal asking, String id) {
    Batch batch = store.cancel(asking, id, time.now());
    BatchRunner running = runner;
    if (running != null) {
      running.cancel(id);
    }
    return batch;
  }

  /**
   * Removes a batch and its results.
   *
   * @throws ParleyException NOT_FOUND if there is none, CONFLICT if it has not ended
   */
  public void delete(Principal asking, String id) {
    store.delete(asking, id);
  }

  /**
   * The results, in the order of the requests, a few at a time.
   *
   * @throws ParleyException NOT_FOUND if there is no such batch, or it has not ended
   */
  public Iterator<List<BatchResult>> results(Principal asking, String id) {
    if (store.get(asking, id).endedAt().isEmpty()) {
      throw new ParleyException(
          ErrorCode.NOT_FOUND, "message_batch_id: the batch has no results until it has ended");
    }
    return new Results(id);
  }

  /** Reads on as it is asked. Belongs to one thread. */
  private final class Results implements Iterator<List<BatchResult>> {
    private final String id;
    private List<BatchResult> page;

    Results(String id) {
      this.id = id;
      this.page = store.results(id, 0, RESULT_ROWS);
    }

    @Override
    public boolean hasNext() {
      return !page.isEmpty();
    }

    @Override
    public List<BatchResult> next() {
      if (page.isEmpty()) {
        throw new NoSuchElementException();
      }
      List<BatchResult> current = page;
      page = store.results(id, current.getLast().position() + 1, RESULT_ROWS);
      return current;
    }
  }

  @Override
  public boolean concerns(Conclusion conclusion) {
    return conclusion.request().serviceTier().equals(Accepted.BATCH);
  }

  /** Writes the result of a request, if it is one of a batch and has one. */
  @Override
  public void write(Handle transaction, Conclusion conclusion) {
    BatchRunner running = runner;
    BatchCall call = running == null ? null : running.call(conclusion.request().requestId());
    String result = call == null ? null : call.result();
    if (call != null && result != null && isAnswered(conclusion)) {
      BatchStore.settle(
          transaction,
          call.batch().id(),
          call.position(),
          conclusion.request().requestId(),
          BatchOutcome.SUCCEEDED,
          result);
    }
  }

  private static boolean isAnswered(Conclusion conclusion) {
    return conclusion.outcome() instanceof Conclusion.Outcome.Answered;
  }
}
