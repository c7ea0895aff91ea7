package io.parley.chat.answers;

import io.parley.chat.ChatLimits;
import io.parley.chat.ChatUser;
import io.parley.chat.conversations.AnswerStore;
import io.parley.chat.conversations.Block;
import io.parley.chat.conversations.Conversation;
import io.parley.chat.conversations.ConversationStore;
import io.parley.chat.conversations.Images;
import io.parley.chat.conversations.Message;
import io.parley.chat.conversations.MessageLog;
import io.parley.chat.conversations.OpenAnswer;
import io.parley.chat.conversations.Removals;
import io.parley.chat.conversations.StaleVersionException;
import io.parley.chat.conversations.TokenUsage;
import io.parley.chat.conversations.Turns;
import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.ports.messages.MessagesApi;
import io.parley.ports.model.ModelDescriptor;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What users ask for: to send a message, to have an answer again, or to have it go on, and to stop
 * it. Thread-safe; blocks.
 *
 * <p>A request is recognised by its client id: whoever repeats one gets what the first one got,
 * with the answer as it is by then. When a call returns, what was sent survives this process, and
 * so does the duty to answer it.
 */
public final class Answers {
  private static final Logger log = LoggerFactory.getLogger(Answers.class);

  private final ConversationStore conversations;
  private final AnswerStore answers;
  private final MessageLog messages;
  private final Deletions deletions;
  private final History history;
  private final AnswerTexts texts;
  private final Turns turns;
  private final Content content;
  private final Models models;
  private final AnswerJob.Desk desk;
  private final ExecutorService threads;
  private final Jobs jobs = new Jobs();
  private final List<EndListener> endListeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<ChatUser>> gates = new CopyOnWriteArrayList<>();

  /** Is told of every answer that has come to its end and is stored. May block; any thread. */
  @FunctionalInterface
  public interface EndListener {
    void ended(ChatUser owner, Message answer);
  }

  /** What answers are made with. */
  public record Parts(
      ConversationStore conversations,
      AnswerStore answers,
      Removals removals,
      MessageLog messages,
      History history,
      AnswerTexts texts,
      Turns turns,
      Images images,
      Models models,
      MessagesApi api,
      TimeSource time,
      ExecutorService threads,
      ChatLimits limits) {}

  public Answers(Parts parts) {
    this.conversations = parts.conversations;
    this.answers = parts.answers;
    this.messages = parts.messages;
    this.history = parts.history;
    this.texts = parts.texts;
    this.turns = parts.turns;
    this.content = new Content(parts.images, parts.limits);
    this.models = parts.models;
    this.threads = parts.threads;
    this.deletions =
        new Deletions(conversations, parts.removals, messages, texts, parts.images, jobs);
    MessageFiling filing =
        new MessageFiling(messages, answers, texts, jobs, parts.time, this::over);
    this.desk =
        new AnswerJob.Desk(
            texts,
            new Prompts(history, parts.images, parts.api, parts.limits),
            filing,
            parts.api::start,
            this::later);
  }

  /** What cannot be run since the server stops is partial at the next start. */
  private void later(long delayMs, Runnable task) {
    CompletableFuture.delayedExecutor(delayMs, TimeUnit.MILLISECONDS, threads).execute(task);
  }

  /** Adds somebody who is told of ends. */
  public void whenEnded(EndListener listener) {
    endListeners.add(listener);
  }

  /** Adds somebody who is asked before each new answer, and throws if there is to be none. */
  public void beforeEach(Consumer<ChatUser> gate) {
    gates.add(gate);
  }

  private void over(OpenAnswer answer, Message message, boolean stored) {
    jobs.remove(answer);
    if (!stored) {
      deletions.ended(answer.conversationId());
    }
    endListeners.forEach(listener -> listener.ended(answer.owner(), message));
  }

  /** How conversations are deleted. */
  public Deletions deletions() {
    return deletions;
  }

  /**
   * What became of a request.
   *
   * @param isNew false if it repeats an earlier one
   * @param question the message that was sent; null if none was
   */
  public record Outcome(
      boolean isNew, Conversation conversation, @Nullable Message question, Message answer) {}

  /**
   * A message to send.
   *
   * @param clientId by which a repetition is recognised
   * @param version of the conversation that the user saw
   * @param parentId the answer that it follows; null for the first of a branch
   * @param model that is to answer; null for the conversation's
   */
  public record Sending(
      String clientId,
      long version,
      @Nullable String parentId,
      List<Block> content,
      @Nullable String model) {
    public Sending {
      content = List.copyOf(content);
    }
  }

  /**
   * Sends a message and has it answered. The branch that it makes, or lengthens, is the one shown.
   *
   * @throws StaleVersionException if the conversation has another version
   * @throws ParleyException CONFLICT if the client id was used for something else, or the parent is
   *     still being written; INVALID_REQUEST, NOT_FOUND, RATE_LIMIT
   */
  public Outcome send(ChatUser user, String conversationId, Sending sending) {
    content.check(sending);
    String hash = Hashes.of("send", sending.parentId(), sending.model(), sending.content());
    Conversation seen = conversations.get(user, conversationId);
    Optional<AnswerStore.Sent> sent = answers.sent(conversationId, sending.clientId());
    if (sent.isPresent()) {
      return repeated(user, conversationId, hash, sent.get());
    }
    ModelDescriptor model = models.choose(sending.model(), seen);
    List<Block> blocks = content.complete(user, sending.content(), model);
    requireVersion(seen, sending.version());
    if (sending.parentId() != null) {
      requireWhole(history.get(seen, sending.parentId()), "parent_id");
    }
    Turns.Asked asked = new Turns.Asked(sending.clientId(), sending.version(), hash, model.id());
    return begin(user, seen, turns.question(seen, asked, sending.parentId(), blocks), model, null);
  }

  /** A request for an answer that is there to be written again, or further. */
  public record Again(String clientId, long version, @Nullable String model) {}

  /** Has another answer written to the same question, beside the one that is named. */
  public Outcome regenerate(ChatUser user, String conversationId, String answerId, Again again) {
    content.checkClientId(again.clientId());
    String hash = Hashes.of("regenerate", answerId, again.model(), List.of());
    Conversation seen = conversations.get(user, conversationId);
    Optional<AnswerStore.Sent> sent = answers.sent(conversationId, again.clientId());
    if (sent.isPresent()) {
      return repeated(user, conversationId, hash, sent.get());
    }
    ModelDescriptor model = models.choose(again.model(), seen);
    requireVersion(seen, again.version());
    Message old = history.get(seen, answerId);
    String questionId = old.parentId();
    if (old.role() != Message.Role.ASSISTANT || questionId == null) {
      throw ParleyException.invalid("message_id: must be an answer");
    }
    refuseOpen(old, "message_id");
    Turns.Asked asked = new Turns.Asked(again.clientId(), again.version(), hash, model.id());
    return begin(user, seen, turns.sibling(seen, asked, questionId), model, null);
  }

  /**
   * Has a partial answer go on; it keeps its id. Of several devices that ask for it by one client
   * id, at the same time or not, one makes it go on, and the others get the answer as it then is.
   */
  public Outcome goOn(ChatUser user, String conversationId, String answerId, Again again) {
    content.checkClientId(again.clientId());
    String hash = Hashes.of("continue", answerId, again.model(), List.of());
    Conversation seen = conversations.get(user, conversationId);
    Optional<AnswerStore.Sent> sent = answers.sent(conversationId, again.clientId());
    if (sent.isPresent()) {
      return repeated(user, conversationId, hash, sent.get());
    }
    requireVersion(seen, again.version());
    Message partial = history.get(seen, answerId);
    if (!partial.canContinue()) {
      return answers
          .sent(conversationId, again.clientId()) // somebody may have been faster
          .map(faster -> repeated(user, conversationId, hash, faster))
          .orElseThrow(Answers::cannotGoOn);
    }
    content.refuseLong(partial);
    ModelDescriptor model = models.choose(again.model(), seen);
    int bucket = conversations.bucketOf(conversationId, answerId).orElse(0);
    Turns.Asked asked = new Turns.Asked(again.clientId(), again.version(), hash, model.id());
    AnswerStore.Step step = turns.rest(seen, asked, partial, bucket);
    return begin(user, seen, step, model, partial);
  }

  private static ParleyException cannotGoOn() {
    return new ParleyException(
        ErrorCode.CONFLICT, "message_id: only an answer that is partial or stopped can go on");
  }

  /** What a partial answer goes on from: models take no blanks at its end. */
  static String begun(Message partial) {
    return partial.text().stripTrailing();
  }

  private Outcome begin(
      ChatUser user,
      Conversation seen,
      AnswerStore.Step step,
      ModelDescriptor model,
      @Nullable Message before) {
    gates.forEach(gate -> gate.accept(user));
    OpenAnswer answer = step.answer();
    if (before != null && !begun(before).isEmpty()) {
      texts.append(user.userId(), answer.stream(), 0, begun(before), TokenUsage.NONE);
    }
    AnswerJob job = new AnswerJob(seen, answer, model, before, desk);
    jobs.add(job);
    Optional<AnswerStore.Sent> sent;
    try {
      sent = answers.begin(step);
    } catch (RuntimeException e) {
      withdraw(job);
      throw e;
    }
    if (sent.isPresent()) {
      withdraw(job);
      return repeated(user, seen.id(), step.hash(), sent.get());
    }
    return begun(user, seen, job, before);
  }

  private void withdraw(AnswerJob job) {
    jobs.remove(job.answer());
    texts.remove(job.answer().stream());
  }

  private Outcome begun(ChatUser user, Conversation seen, AnswerJob job, @Nullable Message before) {
    OpenAnswer answer = job.answer();
    Message question =
        answer.question() == null
            ? history.get(seen, answer.parentId())
            : messages.open(answer, answer.question());
    try {
      threads.execute(() -> job.run(question));
    } catch (RejectedExecutionException e) {
      log.warn("answer {} waits for the next start", answer.id(), e);
    }
    return new Outcome(
        true,
        conversations.get(user, seen.id()),
        answer.question() == null ? null : question,
        Drafts.of(answer, before)
            .with(Message.Status.STREAMING, before == null ? "" : begun(before), null));
  }

  private Outcome repeated(
      ChatUser user, String conversationId, String hash, AnswerStore.Sent sent) {
    if (!sent.hash().equals(hash)) {
      throw new ParleyException(
          ErrorCode.CONFLICT, "client_id: was used for something else; choose another");
    }
    Conversation now = conversations.get(user, conversationId);
    String questionId = sent.questionId();
    return new Outcome(
        false,
        now,
        questionId == null ? null : history.get(now, questionId),
        history.get(now, sent.answerId()));
  }

  private static void requireVersion(Conversation seen, long version) {
    if (seen.version() != version) {
      throw new StaleVersionException(seen);
    }
  }

  private static void requireWhole(Message parent, String field) {
    if (parent.role() != Message.Role.ASSISTANT) {
      throw ParleyException.invalid(field + ": must be an answer, or null");
    }
    refuseOpen(parent, field);
  }

  private static void refuseOpen(Message message, String field) {
    if (message.status() == Message.Status.STREAMING) {
      throw new ParleyException(
          ErrorCode.CONFLICT, field + ": is still being written; wait for its end, or stop it");
    }
  }

  /**
   * Ends an answer where it is; one that has ended stays.
   *
   * @throws ParleyException NOT_FOUND if there is none
   */
  public void stop(ChatUser user, String conversationId, String answerId) {
    Conversation conversation = conversations.get(user, conversationId);
    Optional<AnswerJob> job = history.open(conversation, answerId).flatMap(jobs::find);
    if (job.isPresent()) {
      job.get().stop();
    } else {
      history.get(conversation, answerId);
    }
  }

  /** How many answers are being written by this process. */
  public int running() {
    return jobs.size();
  }
}
