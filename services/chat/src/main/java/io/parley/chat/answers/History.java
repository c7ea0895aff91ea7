package io.parley.chat.answers;

import io.parley.chat.conversations.AnswerStore;
import io.parley.chat.conversations.Conversation;
import io.parley.chat.conversations.Message;
import io.parley.chat.conversations.MessageLog;
import io.parley.chat.conversations.MessageLog.Place;
import io.parley.chat.conversations.OpenAnswer;
import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Messages as users see them: those that are stored, and those that are still being written, with
 * the text that they have so far. Thread-safe; blocks.
 *
 * <p>The rows of open answers are read before the stored messages. An answer is stored before its
 * row goes, so that it cannot be missed in between.
 */
public final class History {
  private final AnswerStore answers;
  private final MessageLog log;
  private final AnswerTexts texts;

  public History(AnswerStore answers, MessageLog log, AnswerTexts texts) {
    this.answers = answers;
    this.log = log;
    this.texts = texts;
  }

  /**
   * A stretch of messages, oldest first.
   *
   * @param more whether there are more in the direction that was asked for
   */
  public record Page(List<Message> messages, boolean more) {}

  public Page page(Conversation conversation, Place place, int most) {
    List<OpenAnswer> open = answers.open(conversation.id());
    TreeMap<String, Message> found = new TreeMap<>();
    log.page(conversation, place, most + 1).forEach(message -> found.put(message.id(), message));
    for (OpenAnswer answer : open) {
      begun(answer).stream()
          .filter(message -> isIn(place).test(message.id()))
          .forEach(message -> found.put(message.id(), message));
      if (isIn(place).test(answer.id())) {
        found.put(answer.id(), streaming(answer, found.get(answer.id())));
      }
    }
    return cut(new ArrayList<>(found.values()), place, most);
  }

  private static Page cut(List<Message> found, Place place, int most) {
    boolean more = found.size() > most;
    if (!more) {
      return new Page(found, false);
    }
    List<Message> kept =
        place instanceof Place.After
            ? found.subList(0, most)
            : found.subList(found.size() - most, found.size());
    return new Page(List.copyOf(kept), true);
  }

  private static Predicate<String> isIn(Place place) {
    return switch (place) {
      case Place.Last last -> id -> true;
      case Place.Before(String before) -> id -> id.compareTo(before) < 0;
      case Place.After(String after) -> id -> id.compareTo(after) > 0;
    };
  }

  /** The question of an open answer, if it may be in its row alone. */
  private List<Message> begun(OpenAnswer answer) {
    OpenAnswer.Question question = answer.question();
    return question == null ? List.of() : List.of(log.open(answer, question));
  }

  /**
   * One message.
   *
   * @throws ParleyException NOT_FOUND if there is none
   */
  public Message get(Conversation conversation, String id) {
    return find(conversation, id)
        .orElseThrow(
            () ->
                new ParleyException(
                    ErrorCode.NOT_FOUND, "message_id: there is no message '" + id + "'"));
  }

  /** One message, if there is one. */
  public Optional<Message> find(Conversation conversation, String id) {
    List<OpenAnswer> open = answers.open(conversation.id());
    for (OpenAnswer answer : open) {
      if (answer.id().equals(id)) {
        return Optional.of(streaming(answer, log.get(conversation, id).orElse(null)));
      }
      OpenAnswer.Question question = answer.question();
      if (question != null && question.id().equals(id)) {
        return Optional.of(log.open(answer, question));
      }
    }
    return log.get(conversation, id);
  }

  /** An answer that is open, if this one is. */
  public Optional<OpenAnswer> open(Conversation conversation, String id) {
    return answers.open(conversation.id()).stream()
        .filter(answer -> answer.id().equals(id))
        .findFirst();
  }

  /**
   * An open answer as it is now.
   *
   * @param stored what is stored of an answer that goes on; null for a new one
   */
  public Message streaming(OpenAnswer answer, @Nullable Message stored) {
    String text =
        texts
            .whole(answer.owner().userId(), answer.stream())
            .orElse(stored == null ? "" : stored.text());
    return Drafts.of(answer, stored).with(Message.Status.STREAMING, text, null);
  }

  /**
   * The branch that ends with a message, newest first, until a reader has enough.
   *
   * @param enough is asked after each message
   * @return whether the branch was read to its beginning
   */
  boolean walk(Conversation conversation, Message tip, Predicate<Message> enough) {
    Message at = tip;
    List<Message> page = List.of();
    while (!enough.test(at)) {
      String parentId = at.parentId();
      if (parentId == null) {
        return true;
      }
      Optional<Message> parent = in(page, parentId);
      if (parent.isEmpty()) {
        page = log.page(conversation, new Place.Before(at.id()), WALK_PAGE);
        parent = in(page, parentId);
      }
      at = parent.isPresent() ? parent.get() : get(conversation, parentId);
    }
    return at.parentId() == null;
  }

  /** Mostly the parent is the message before, or near. */
  private static final int WALK_PAGE = 32;

  private static Optional<Message> in(List<Message> page, String id) {
    return page.stream().filter(message -> message.id().equals(id)).findFirst();
  }
}
