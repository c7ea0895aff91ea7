package io.parley.gateway.inprocess;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.gateway.messages.Accepted;
import io.parley.gateway.messages.Answer;
import io.parley.gateway.messages.AnswerEnd;
import io.parley.gateway.messages.AnswerHead;
import io.parley.gateway.messages.AnswerWriter;
import io.parley.gateway.messages.Call;
import io.parley.gateway.messages.RequestHead;
import io.parley.gateway.observation.Outcome;
import io.parley.gateway.observation.Timeline;
import io.parley.ports.messages.AnswerEvent;
import io.parley.ports.messages.AnswerListener;
import io.parley.ports.messages.AnswerRequest;
import io.parley.ports.messages.RunningAnswer;
import io.parley.ports.model.GenerationEvent;
import io.parley.ports.model.GenerationListener;
import io.parley.ports.model.Usage;
import io.parley.safety.Refusal;
import io.parley.safety.ReleasedText;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** One request of a service of this process, as the pipeline sees it. Thread-safe. */
final class InProcessCall implements Call, RunningAnswer {
  private final AnswerRequest request;
  private final RequestHead head;
  private final Timeline timeline;
  private final AnswerListener listener;
  private final AnswerTasks tasks;
  private final Consumer<InProcessCall> whenOver;
  private volatile Usage usage = new Usage(0, 0);
  private boolean ended; // belongs to the tasks

  /**
   * @param threads runs the tasks of the answer
   * @param whenOver is told once, when nothing more comes
   */
  InProcessCall(
      AnswerRequest request,
      RequestHead head,
      Timeline timeline,
      AnswerListener listener,
      Executor threads,
      Consumer<InProcessCall> whenOver) {
    this.request = request;
    this.head = head;
    this.timeline = timeline;
    this.listener = listener;
    this.whenOver = whenOver;
    this.tasks = new AnswerTasks(head.requestId(), threads, this::broken);
  }

  @Override
  public void cancel() {
    tasks.ask(Answer::abandon);
  }

  /** Ends it from the server's side. */
  void abort() {
    tasks.ask(answer -> answer.abort(ErrorCode.OVERLOADED, "The server is shutting down"));
  }

  /** It was refused before there was anything to answer. */
  void neverBegan(RuntimeException why) {
    if (why instanceof ParleyException known) {
      timeline.fail(Outcome.failed(known.code()), String.valueOf(known.getMessage()));
    } else {
      timeline.fail(Outcome.failed(ErrorCode.API), "Internal error");
    }
    whenOver.accept(this);
  }

  private void broken() {
    end(new AnswerEvent.Failed(ErrorCode.API, "Internal error", ParleyException.NO_RETRY, usage));
  }

  private void end(AnswerEvent.Ended how) {
    if (!ended) {
      ended = true;
      try {
        listener.on(how);
      } finally {
        whenOver.accept(this);
      }
    }
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
    return request.body();
  }

  @Override
  public String serviceTier() {
    return switch (request.urgency()) {
      case INTERACTIVE -> Accepted.STANDARD;
      case BACKGROUND -> Accepted.BATCH;
    };
  }

  @Override
  public Optional<String> endUser() {
    return Optional.of(request.endUser());
  }

  /** There is no place for it in the events of an answer. */
  @Override
  public void notice(String notice) {}

  /** Nor for headers. */
  @Override
  public void headers(Map<String, String> headers) {}

  @Override
  public AnswerWriter writer(boolean stream) {
    return new Writer();
  }

  @Override
  public GenerationListener deliver(Answer answer) {
    return tasks.deliver(answer, this::note);
  }

  /** An end that is not the model's own is told without its usage, so that is kept here. */
  private void note(GenerationEvent event) {
    usage =
        switch (event) {
          case GenerationEvent.Started started -> started.usage();
          case GenerationEvent.Text text -> usage.withOutput(text.outputTokens());
          case GenerationEvent.Ended end -> end.usage();
        };
  }

  @Override
  public void run(Runnable task) {
    tasks.run(task);
  }

  /** What no writer was told of was abandoned. */
  @Override
  public void over() {
    end(new AnswerEvent.Cancelled(usage));
  }

  /** Tells the listener. Belongs to the tasks. */
  private final class Writer implements AnswerWriter {
    @Override
    public void begin(AnswerHead answerHead, Usage prompt, long queueMs) {
      listener.on(new AnswerEvent.Started(answerHead.messageId(), answerHead.modelId()));
    }

    @Override
    public void text(ReleasedText released) {
      listener.on(new AnswerEvent.Text(released.text(), usage));
    }

    @Override
    public void end(AnswerEnd how) {
      Refusal refusal = how.refusal();
      InProcessCall.this.end(
          new AnswerEvent.Completed(
              how.stopReason(), refusal == null ? null : refusal.category(), how.usage()));
    }

    @Override
    public void fail(ErrorCode code, String message, long retryAfterMs) {
      InProcessCall.this.end(new AnswerEvent.Failed(code, message, retryAfterMs, usage));
    }
  }
}
