package io.parley.chat.answers;

import io.parley.chat.conversations.AnswerStore;
import io.parley.chat.conversations.Conversation;
import io.parley.chat.conversations.ConversationStore;
import io.parley.chat.conversations.Message;
import io.parley.chat.conversations.MessageLog;
import io.parley.chat.conversations.OpenAnswer;
import io.parley.chat.conversations.TokenUsage;
import io.parley.common.TimeSource;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the answers that an earlier process left open, before anybody asks for them. One that was
 * stored whole only needs to be said over; of any other the text in its stream is kept, as partial,
 * with the tokens that had been generated for it. One use; blocks.
 */
public final class Recovery {
  private static final Logger log = LoggerFactory.getLogger(Recovery.class);
  private static final Message.Failure DIED =
      new Message.Failure("api_error", "The server stopped while it was writing this");

  private final ConversationStore conversations;
  private final AnswerStore answers;
  private final MessageLog messages;
  private final AnswerTexts texts;
  private final TimeSource time;

  public Recovery(
      ConversationStore conversations,
      AnswerStore answers,
      MessageLog messages,
      AnswerTexts texts,
      TimeSource time) {
    this.conversations = conversations;
    this.answers = answers;
    this.messages = messages;
    this.texts = texts;
    this.time = time;
  }

  /** Ends what is open; how many answers that were. */
  public int run() {
    List<OpenAnswer> left = answers.open();
    for (OpenAnswer answer : left) {
      try {
        MessageFiling.patiently(() -> end(answer));
      } catch (RuntimeException e) {
        log.error("answer {} cannot be ended; the next start tries again", answer.id(), e);
      }
    }
    if (!left.isEmpty()) {
      log.info("{} answers were being written when the server stopped; they are kept", left.size());
    }
    return left.size();
  }

  private void end(OpenAnswer answer) {
    conversations
        .find(answer.owner().userId(), answer.conversationId())
        .ifPresent(conversation -> end(conversation, answer));
  }

  /** May be repeated from any point where it broke off. */
  private void end(Conversation conversation, OpenAnswer answer) {
    OpenAnswer.Question question = answer.question();
    if (question != null) {
      messages.put(answer, question);
    }
    Optional<Message> stored = messages.get(conversation, answer.id());
    TokenUsage added;
    if (stored.isPresent() && isOfThisRun(stored.get(), answer)) {
      added = addedBy(stored.get(), answer);
    } else {
      added = texts.taken(answer.owner().userId(), answer.stream());
      Message partial = partial(answer, stored.orElse(null), added);
      messages.put(answer.owner().userId(), answer.bucket(), partial);
    }
    answers.end(answer, added, Instant.ofEpochMilli(time.now().toEpochMilli()));
    texts.end(answer.stream());
  }

  /** A run that was stored has a usage that is not what it began with. */
  private static boolean isOfThisRun(Message stored, OpenAnswer answer) {
    TokenUsage usage = stored.usage();
    boolean goesOn = !answer.before().equals(TokenUsage.NONE) || stored.canContinue();
    return !goesOn || (usage != null && !usage.equals(answer.before()));
  }

  private static TokenUsage addedBy(Message stored, OpenAnswer answer) {
    TokenUsage usage = stored.usage();
    return usage == null
        ? TokenUsage.NONE
        : new TokenUsage(
            usage.inputTokens() - answer.before().inputTokens(),
            usage.outputTokens() - answer.before().outputTokens());
  }

  private Message partial(OpenAnswer answer, @Nullable Message stored, TokenUsage added) {
    String streamed = texts.whole(answer.owner().userId(), answer.stream()).orElse("");
    String text = stored != null && streamed.isEmpty() ? stored.text() : streamed;
    Message partial = Drafts.of(answer, stored).with(Message.Status.PARTIAL, text, DIED);
    return added.equals(TokenUsage.NONE) ? partial : partial.having(answer.before().plus(added));
  }
}
