package io.parley.chat.conversations;

import io.parley.chat.ChatLimits;
import io.parley.common.TimeSource;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the steps that {@link AnswerStore#begin} takes: gives messages their ids and their places.
 * Nothing is stored yet, so what turns out to be stale leaves no trace. Thread-safe; blocks.
 */
public final class Turns {
  private final MessageIds ids;
  private final MessageCodec codec;
  private final TimeSource time;

  public Turns(MessageIds ids, MessageCodec codec, TimeSource time) {
    this.ids = ids;
    this.codec = codec;
    this.time = time;
  }

  /**
   * What a client asks for.
   *
   * @param version that he saw
   * @param hash of all that makes two requests the same
   * @param model that is to answer
   */
  public record Asked(String clientId, long version, String hash, String model) {}

  /** A question and its answer. */
  public AnswerStore.Step question(
      Conversation seen, Asked asked, @Nullable String parentId, List<Block> content) {
    String questionId = ids.after(seen.lastId());
    String answerId = ids.after(questionId);
    Instant now = now();
    Message question =
        new Message(
            questionId,
            seen.id(),
            parentId,
            Message.Role.USER,
            content,
            null,
            Message.Status.COMPLETE,
            null,
            null,
            null,
            now,
            asked.clientId(),
            false);
    OpenAnswer answer =
        open(
            seen,
            asked,
            answerId,
            seen.messages() + 1,
            questionId,
            now,
            new OpenAnswer.Question(
                questionId, bucket(seen.messages()), codec.seal(seen.owner().userId(), question)));
    return step(seen, asked, answer, true, imageIds(content));
  }

  private static List<String> imageIds(List<Block> content) {
    return content.stream()
        .filter(Block.Image.class::isInstance)
        .map(block -> ((Block.Image) block).imageId())
        .distinct()
        .toList();
  }

  private static AnswerStore.Step step(
      Conversation seen, Asked asked, OpenAnswer answer, boolean isNew, List<String> imageIds) {
    return new AnswerStore.Step(
        asked.version(), asked.hash(), seen.messages(), answer, isNew, imageIds);
  }

  /** Another answer to the same question. */
  public AnswerStore.Step sibling(Conversation seen, Asked asked, String questionId) {
    OpenAnswer answer =
        open(seen, asked, ids.after(seen.lastId()), seen.messages(), questionId, now(), null);
    return step(seen, asked, answer, true, List.of());
  }

  /**
   * The rest of an answer.
   *
   * @param bucket where it is stored
   */
  public AnswerStore.Step rest(Conversation seen, Asked asked, Message partial, int bucket) {
    OpenAnswer answer =
        new OpenAnswer(
            partial.id(),
            seen.id(),
            seen.owner(),
            bucket,
            String.valueOf(partial.parentId()),
            asked.clientId(),
            asked.model(),
            stream(),
            now(),
            partial.usage() == null ? TokenUsage.NONE : partial.usage(),
            null);
    return step(seen, asked, answer, false, List.of());
  }

  private OpenAnswer open(
      Conversation seen,
      Asked asked,
      String answerId,
      int ordinal,
      String parentId,
      Instant now,
      OpenAnswer.@Nullable Question question) {
    return new OpenAnswer(
        answerId,
        seen.id(),
        seen.owner(),
        bucket(ordinal),
        parentId,
        asked.clientId(),
        asked.model(),
        stream(),
        now,
        TokenUsage.NONE,
        question);
  }

  /** A name of its own for each run, since an answer that goes on is written twice. */
  private String stream() {
    return "answer/" + ids.after(null);
  }

  private static int bucket(int ordinal) {
    return ordinal / ChatLimits.BUCKET_MESSAGES;
  }

  private Instant now() {
    return Instant.ofEpochMilli(time.now().toEpochMilli());
  }
}
