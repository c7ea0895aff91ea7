package io.parley.gateway.batches;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.gateway.inprocess.AnswerTasks;
import io.parley.gateway.messages.Accepted;
import io.parley.gateway.messages.Answer;
import io.parley.gateway.messages.AnswerEnd;
import io.parley.gateway.messages.AnswerHead;
import io.parley.gateway.messages.AnswerWriter;
import io.parley.gateway.messages.Call;
import io.parley.gateway.messages.RequestHead;
import io.parley.gateway.observation.Outcome;
import io.parley.gateway.observation.Timeline;
import io.parley.ports.model.GenerationListener;
import io.parley.ports.model.Usage;
import io.parley.safety.ReleasedText;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a request of a batch, as the pipeline sees it. Nobody reads along: the answer is
 * put together in memory, on tasks that run one after the other. Thread-safe.
 */
final class BatchCall implements Call {
  /** Of the lines about an answer, those that are about the answer and not about its response. */
  private static final String REMARK = "parley-";

  private final OpenBatch batch;
  private final BatchStore.Waiting request;
  private final RequestHead head;
  private final Timeline timeline;
  private final ResultFormat format;
  private final AnswerTasks tasks;
  private final Map<String, String> remarks = new ConcurrentSkipListMap<>();
  private final CompletableFuture<Ended> ended = new CompletableFuture<>();
  private volatile @Nullable String result;
  private volatile boolean aborted;

  /** How an attempt ended. */
  sealed interface Ended {
    /** With a result, which is written down. */
    record Settled() implements Ended {}

    /** Without. */
    record Failed(ErrorCode code, String message, long retryAfterMs) implements Ended {}
  }

  /**
   * @param threads runs the tasks of the answer
   */
  BatchCall(
      OpenBatch batch,
      BatchStore.Waiting request,
      RequestHead head,
      Timeline timeline,
      ResultFormat format,
      Executor threads) {
    this.batch = batch;
    this.request = request;
    this.head = head;
    this.timeline = timeline;
    this.format = format;
    this.tasks = new AnswerTasks(head.requestId(), threads, this::broken);
  }

  OpenBatch batch() {
    return batch;
  }

  int position() {
    return request.position();
  }

  /** The result, once there is one to be written down; null before that. */
  @Nullable String result() {
    return result;
  }

  /** Completes once. */
  CompletableFuture<Ended> ended() {
    return ended;
  }

  void fail(ErrorCode code, String message, long retryAfterMs) {
    timeline.fail(Outcome.failed(code), message);
    ended.complete(new Ended.Failed(code, message, retryAfterMs));
  }

  /** Ends it, without a result if there is none yet: the next server tries it again. */
  void abort() {
    aborted = true;
    tasks.ask(Answer::cancel);
  }

  private void broken() {
    fail(ErrorCode.API, "Internal error", ParleyException.NO_RETRY);
  }

  @Override
  public RequestHead head() {
    return head;
  }

  @Override
  public Timeline timeline() {
    return timeline;
  }

  @Override
  public byte[] body() {
    return request.item().params().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String serviceTier() {
    return Accepted.BATCH;
  }

  @Override
  public void notice(String notice) {
    if (!notice.isEmpty()) {
      remarks.put(REMARK + "notice", notice);
    }
  }

  /** A result has a place for what is said of the answer; limits are of no use to its reader. */
  @Override
  public void headers(Map<String, String> lines) {
    lines.forEach(
        (name, value) -> {
          if (name.startsWith(REMARK)) {
            remarks.put(name, value);
          }
        });
  }

  @Override
  public AnswerWriter writer(boolean stream) {
    return new Writer();
  }

  @Override
  public GenerationListener deliver(Answer answer) {
    return tasks.deliver(answer, event -> {});
  }

  @Override
  public void run(Runnable task) {
    tasks.run(task);
  }

  /** What no writer was told of was abandoned, which nobody does here but a fault. */
  @Override
  public void over() {
    fail(ErrorCode.API, "The request was abandoned", ParleyException.NO_RETRY);
  }

  /** Puts the answer together. Belongs to the tasks. */
  private final class Writer implements AnswerWriter {
    private final StringBuilder text = new StringBuilder();
    private @Nullable AnswerHead begun;

    @Override
    public void begin(AnswerHead answerHead, Usage usage, long queueMs) {
      begun = answerHead;
    }

    @Override
    public void text(ReleasedText released) {
      text.append(released.text());
    }

    @Override
    public void prepare(AnswerEnd end) {
      result = format.succeeded(Objects.requireNonNull(begun), text.toString(), end, remarks);
    }

    @Override
    public void end(AnswerEnd end) {
      ended.complete(new Ended.Settled());
    }

    @Override
    public void fail(ErrorCode code, String message, long retryAfterMs) {
      // A generation that was cancelled for the server's sake is no fault of the request.
      BatchCall.this.fail(aborted ? ErrorCode.OVERLOADED : code, message, retryAfterMs);
    }
  }
}
