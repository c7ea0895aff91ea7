package io.parley.chat.conversations;

import io.parley.chat.ChatLimits;
import io.parley.chat.ChatUser;
import io.parley.chat.sync.ChatEvent;
import io.parley.chat.sync.UserEvents;
import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.ports.data.Database;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Answers that are being written, and the sends that they came from, in SQL. A row of an answer is
 * made in the transaction that moves the conversation on, and goes in the one that ends it: so an
 * answer is open exactly as long as it has a row. Thread-safe; blocks.
 */
public final class AnswerStore {
  private final Database database;
  private final UserEvents events;
  private final ConversationStore conversations;
  private final ChatLimits limits;

  public AnswerStore(
      Database database, UserEvents events, ConversationStore conversations, ChatLimits limits) {
    this.database = database;
    this.events = events;
    this.conversations = conversations;
    this.limits = limits;
  }

  /**
   * A step of a conversation: maybe a question, and its answer.
   *
   * @param version of the conversation that its user saw
   * @param hash of what was asked for, to recognise a repetition
   * @param ordinal how many messages the conversation had
   * @param answerIsNew false if it goes on with an answer that is there
   * @param imageIds of the question
   */
  public record Step(
      long version,
      String hash,
      int ordinal,
      OpenAnswer answer,
      boolean answerIsNew,
      List<String> imageIds) {
    public Step {
      imageIds = List.copyOf(imageIds);
    }
  }

  /**
   * What a client id stands for.
   *
   * @param questionId null if it sent no message
   */
  public record Sent(String hash, @Nullable String questionId, String answerId) {}

  /** What this client id was sent with before; empty if it is new. */
  public Optional<Sent> sent(String conversationId, String clientId) {
    return database.read(handle -> sent(handle, conversationId, clientId));
  }

  private static Optional<Sent> sent(Handle handle, String conversationId, String clientId) {
    return handle
        .createQuery(
            "SELECT hash, question_id, answer_id FROM chat_sends"
                + " WHERE conversation_id = :conversation AND client_id = :client")
        .bind("conversation", conversationId)
        .bind("client", clientId)
        .map(
            (row, context) ->
                new Sent(
                    row.getString("hash"),
                    row.getString("question_id"),
                    row.getString("answer_id")))
        .findOne();
  }

  /**
   * Takes a step, unless its client id has taken one before.
   *
   * @return empty if this call took it; otherwise what the client id stands for
   * @throws StaleVersionException if the conversation has another version
   * @throws ParleyException RATE_LIMIT if too many answers of the user are being written, NOT_FOUND
   *     if a picture is not there any more
   */
  public Optional<Sent> begin(Step step) {
    OpenAnswer answer = step.answer();
    try {
      return write(step, answer);
    } catch (VersionMovedException e) {
      throw new StaleVersionException(conversations.get(answer.owner(), answer.conversationId()));
    }
  }

  private Optional<Sent> write(Step step, OpenAnswer answer) {
    return events.write(
        answer.owner().userId(),
        (handle, emitter) -> {
          Optional<Sent> before = sent(handle, answer.conversationId(), answer.clientId());
          if (before.isEmpty()) {
            advance(handle, step);
            tell(emitter, answer);
          }
          return before;
        });
  }

  private static void tell(UserEvents.Emitter emitter, OpenAnswer answer) {
    String conversation = answer.conversationId();
    if (answer.question() != null) {
      emitter.emit(new ChatEvent.MessageChanged(conversation, answer.question().id()));
    }
    emitter.emit(new ChatEvent.MessageChanged(conversation, answer.id()));
    emitter.emit(new ChatEvent.ConversationChanged(conversation));
  }

  private void advance(Handle handle, Step step) {
    OpenAnswer answer = step.answer();
    ChatUser owner = answer.owner();
    String userId = owner.userId();
    ConversationRow current = ConversationRows.get(handle, userId, answer.conversationId());
    if (current.bare().version() != step.version()) {
      throw new VersionMovedException();
    }
    refuseAboveLimit(handle, owner);
    ImageUses.add(handle, userId, answer.conversationId(), step.imageIds());
    insertSend(handle, step);
    insertAnswer(handle, answer);
    int added = insertBuckets(handle, step);
    handle
        .createUpdate(
            "UPDATE chat_conversations SET version = version + 1, messages = messages + :added,"
                + " last_id = CASE WHEN last_id IS NULL OR last_id < :answer THEN :answer"
                + " ELSE last_id END,"
                + " head_id = :answer, archived = 0, last_activity_at_ms = :now,"
                + " answering_id = (SELECT max(id) FROM chat_answers"
                + " WHERE conversation_id = :conversation)"
                + " WHERE id = :conversation AND version = :version")
        .bind("added", added)
        .bind("answer", answer.id())
        .bind("now", answer.startedAt().toEpochMilli())
        .bind("conversation", answer.conversationId())
        .bind("version", step.version())
        .execute();
  }

  private void refuseAboveLimit(Handle handle, ChatUser owner) {
    long running =
        handle
            .createQuery("SELECT count(*) FROM chat_answers WHERE user_id = :user")
            .bind("user", owner.userId())
            .mapTo(Long.class)
            .one();
    if (running >= limits.maxRunningAnswers()) {
      throw new ParleyException(
          ErrorCode.RATE_LIMIT,
          "%d of your answers are being written, which is the limit; wait for one, or stop it"
              .formatted(limits.maxRunningAnswers()));
    }
  }

  private static void insertSend(Handle handle, Step step) {
    OpenAnswer answer = step.answer();
    handle
        .createUpdate(
            "INSERT INTO chat_sends (conversation_id, client_id, hash, question_id, answer_id,"
                + " at_ms) VALUES (:conversation, :client, :hash, :question, :answer, :now)")
        .bind("conversation", answer.conversationId())
        .bind("client", answer.clientId())
        .bind("hash", step.hash())
        .bind("question", answer.question() == null ? null : answer.question().id())
        .bind("answer", answer.id())
        .bind("now", answer.startedAt().toEpochMilli())
        .execute();
  }

  private static void insertAnswer(Handle handle, OpenAnswer answer) {
    OpenAnswer.Question question = answer.question();
    handle
        .createUpdate(
            "INSERT INTO chat_answers (id, conversation_id, organisation_id, user_id, bucket,"
                + " parent_id, client_id, model, stream, started_at_ms, before_input_tokens,"
                + " before_output_tokens, question_id, question_bucket, question)"
                + " VALUES (:id, :conversation, :organisation, :user, :bucket, :parent, :client,"
                + " :model, :stream, :now, :input, :output, :question, :questionBucket, :sealed)")
        .bind("id", answer.id())
        .bind("conversation", answer.conversationId())
        .bind("organisation", answer.owner().organisationId())
        .bind("user", answer.owner().userId())
        .bind("bucket", answer.bucket())
        .bind("parent", answer.parentId())
        .bind("client", answer.clientId())
        .bind("model", answer.model())
        .bind("stream", answer.stream())
        .bind("now", answer.startedAt().toEpochMilli())
        .bind("input", answer.before().inputTokens())
        .bind("output", answer.before().outputTokens())
        .bind("question", question == null ? null : question.id())
        .bind("questionBucket", question == null ? null : (Integer) question.bucket())
        .bind("sealed", question == null ? null : question.sealed())
        .execute();
  }

  /** The bucket rows that new messages need; how many messages are new. */
  private static int insertBuckets(Handle handle, Step step) {
    int ordinal = step.ordinal();
    OpenAnswer.Question question = step.answer().question();
    if (question != null) {
      insertBucket(handle, step, ordinal++, question.id());
    }
    if (step.answerIsNew()) {
      insertBucket(handle, step, ordinal++, step.answer().id());
    }
    return ordinal - step.ordinal();
  }

  private static void insertBucket(Handle handle, Step step, int ordinal, String id) {
    if (ordinal % ChatLimits.BUCKET_MESSAGES == 0) {
      handle.execute(
          "INSERT INTO chat_buckets (conversation_id, bucket, first_id) VALUES (?, ?, ?)",
          step.answer().conversationId(),
          ordinal / ChatLimits.BUCKET_MESSAGES,
          id);
    }
  }

  /**
   * Ends an answer that is stored.
   *
   * @param added what it took, its earlier parts not counted
   * @return false if it is not open any more, since its conversation is gone
   */
  public boolean end(OpenAnswer answer, TokenUsage added, Instant now) {
    return events.write(
        answer.owner().userId(),
        (handle, emitter) -> {
          int deleted =
              handle.execute(
                  "DELETE FROM chat_answers WHERE id = ? AND stream = ?",
                  answer.id(),
                  answer.stream());
          if (deleted == 0) {
            return false;
          }
          count(handle, answer.conversationId(), added, now);
          emitter.emit(new ChatEvent.MessageChanged(answer.conversationId(), answer.id()));
          emitter.emit(new ChatEvent.ConversationChanged(answer.conversationId()));
          return true;
        });
  }

  private static void count(Handle handle, String conversation, TokenUsage added, Instant now) {
    handle
        .createUpdate(
            "UPDATE chat_conversations SET input_tokens = input_tokens + :input,"
                + " output_tokens = output_tokens + :output,"
                + " last_activity_at_ms = CASE WHEN last_activity_at_ms < :now THEN :now"
                + " ELSE last_activity_at_ms END,"
                + " answering_id = (SELECT max(id) FROM chat_answers WHERE conversation_id = :id)"
                + " WHERE id = :id")
        .bind("input", added.inputTokens())
        .bind("output", added.outputTokens())
        .bind("now", now.toEpochMilli())
        .bind("id", conversation)
        .execute();
  }

  /** The answers of a conversation that are open, oldest first. */
  public List<OpenAnswer> open(String conversationId) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    ConversationRows.SELECT_ANSWERS
                        + " WHERE conversation_id = :conversation ORDER BY id")
                .bind("conversation", conversationId)
                .map((row, context) -> ConversationRows.answer(row))
                .list());
  }

  /** All answers that are open, oldest first. */
  public List<OpenAnswer> open() {
    return database.read(
        handle ->
            handle
                .createQuery(ConversationRows.SELECT_ANSWERS + " ORDER BY id")
                .map((row, context) -> ConversationRows.answer(row))
                .list());
  }

  /** Forgets sends from before a moment: their client ids are free again. */
  public void forgetSends(Instant before) {
    database.write(
        handle -> handle.execute("DELETE FROM chat_sends WHERE at_ms < ?", before.toEpochMilli()));
  }
}
