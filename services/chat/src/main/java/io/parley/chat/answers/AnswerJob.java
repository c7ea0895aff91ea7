package io.parley.chat.answers;

import io.parley.chat.conversations.Conversation;
import io.parley.chat.conversations.Message;
import io.parley.chat.conversations.Message.Failure;
import io.parley.chat.conversations.Message.Status;
import io.parley.chat.conversations.OpenAnswer;
import io.parley.chat.conversations.TokenUsage;
import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.ports.messages.AnswerEvent;
import io.parley.ports.messages.AnswerListener;
import io.parley.ports.messages.AnswerRequest;
import io.parley.ports.messages.RunningAnswer;
import io.parley.ports.model.ModelDescriptor;
import io.parley.ports.model.Usage;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One answer on its way: has it generated, puts its text into its stream as it comes, and stores it
 * at its end. It runs whether anybody watches or not, and if there is no room for it just now, it
 * waits a while. Thread-safe: {@link #run} is called once, and {@link #stop} at any time.
 */
final class AnswerJob {
  private static final Logger log = LoggerFactory.getLogger(AnswerJob.class);

  /** How long it waits for room in all; after that it has failed. */
  private static final long MAX_WAIT_MS = 30_000;

  private static final Usage NOTHING = new Usage(0, 0);

  private final Conversation conversation;
  private final OpenAnswer answer;
  private final ModelDescriptor model;
  private final @Nullable Message before;
  private final Desk desk;
  private final StringBuilder text = new StringBuilder(); // belongs to the listener's events
  private volatile @Nullable RunningAnswer running;
  private volatile boolean stopped;
  private volatile boolean cut;
  private boolean streamBroken;
  private boolean wrote; // belongs to the listener's events
  private long waitedMs; // too

  /** What jobs have in common. */
  record Desk(
      AnswerTexts texts, Prompts prompts, MessageFiling filing, Conversing api, Later later) {}

  /** Runs something after a while. */
  @FunctionalInterface
  interface Later {
    void in(long delayMs, Runnable task);
  }

  /** Starts requests for answers. */
  @FunctionalInterface
  interface Conversing {
    RunningAnswer start(AnswerRequest request, AnswerListener listener);
  }

  /**
   * @param before the answer that it goes on with; null for a new one
   */
  AnswerJob(
      Conversation conversation,
      OpenAnswer answer,
      ModelDescriptor model,
      @Nullable Message before,
      Desk desk) {
    this.conversation = conversation;
    this.answer = answer;
    this.model = model;
    this.before = before;
    this.desk = desk;
    text.append(before == null ? "" : Answers.begun(before));
  }

  OpenAnswer answer() {
    return answer;
  }

  /**
   * Has it generated; returns when that is on its way.
   *
   * @param question what it answers
   */
  void run(Message question) {
    try {
      Prompts.Prompt prompt = desk.prompts.of(conversation, question, text.toString(), model);
      cut = prompt.cut();
      RunningAnswer started = desk.api.start(request(prompt.body()), event -> on(event, question));
      running = started;
      if (stopped) {
        started.cancel();
      }
    } catch (ParleyException e) {
      failed(e.code(), String.valueOf(e.getMessage()), e.retryAfterMs(), question);
    } catch (RuntimeException e) {
      log.error("answer {} cannot be begun", answer.id(), e);
      failed(ErrorCode.API, "Internal error", ParleyException.NO_RETRY, question);
    }
  }

  private void failed(ErrorCode code, String message, long retryAfterMs, Message question) {
    on(new AnswerEvent.Failed(code, message, retryAfterMs, NOTHING), question);
  }

  private AnswerRequest request(byte[] body) {
    return new AnswerRequest(
        answer.owner().organisationId(),
        Optional.empty(),
        answer.owner().userId(),
        AnswerRequest.Urgency.INTERACTIVE,
        body);
  }

  /** Ends it where it is. */
  void stop() {
    stopped = true;
    RunningAnswer started = running;
    if (started != null) {
      started.cancel();
    }
  }

  private void on(AnswerEvent event, Message question) {
    switch (event) {
      case AnswerEvent.Started started -> {}
      case AnswerEvent.Text(String more, Usage soFar) -> append(more, usage(soFar));
      case AnswerEvent.Failed failed when canWait(failed) ->
          runLater(failed.retryAfterMs(), question);
      case AnswerEvent.Ended end -> end(end);
    }
  }

  /** Whether it found no room, and was told when there will be some. */
  private boolean canWait(AnswerEvent.Failed failed) {
    boolean noRoom = failed.code() == ErrorCode.OVERLOADED || failed.code() == ErrorCode.RATE_LIMIT;
    boolean told = failed.retryAfterMs() != ParleyException.NO_RETRY;
    return noRoom && told && !wrote && waitedMs + failed.retryAfterMs() <= MAX_WAIT_MS;
  }

  private void runLater(long delayMs, Message question) {
    waitedMs += delayMs;
    running = null;
    desk.later.in(
        delayMs,
        () -> {
          if (stopped) {
            on(new AnswerEvent.Cancelled(NOTHING), question);
          } else {
            run(question);
          }
        });
  }

  /** Without its stream an answer is still whole at its end; until then nobody can follow it. */
  private void append(String more, TokenUsage soFar) {
    int from = text.length();
    wrote = true;
    text.append(more);
    if (!streamBroken) {
      try {
        desk.texts.append(answer.owner().userId(), answer.stream(), from, more, soFar);
      } catch (RuntimeException e) {
        log.error("answer {} cannot be followed any more", answer.id(), e);
        streamBroken = true;
        desk.texts.remove(answer.stream());
      }
    }
  }

  private void end(AnswerEvent.Ended end) {
    TokenUsage added = usage(end.usage());
    String stopReason = end instanceof AnswerEvent.Completed whole ? whole.stopReason() : null;
    Failure failure =
        end instanceof AnswerEvent.Failed failed
            ? new Failure(failed.code().wireName(), failed.message())
            : null;
    Message draft = Drafts.of(answer, before).with(status(end), text.toString(), failure);
    desk.filing.file(
        answer,
        new Message(
            draft.id(),
            draft.conversationId(),
            draft.parentId(),
            draft.role(),
            draft.content(),
            model.id(),
            draft.status(),
            stopReason,
            failure,
            answer.before().plus(added),
            draft.createdAt(),
            draft.clientId(),
            cut || draft.contextCut()),
        added);
  }

  private Status status(AnswerEvent.Ended end) {
    return switch (end) {
      case AnswerEvent.Completed whole -> Status.COMPLETE;
      case AnswerEvent.Cancelled cancelled -> Status.STOPPED;
      case AnswerEvent.Failed failed -> text.isEmpty() ? Status.FAILED : Status.PARTIAL;
    };
  }

  private static TokenUsage usage(Usage usage) {
    return new TokenUsage(
        (long) usage.inputTokens() + usage.cacheCreationTokens() + usage.cacheReadTokens(),
        usage.outputTokens());
  }
}
