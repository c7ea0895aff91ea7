package io.parley.chat.answers;

import io.parley.chat.ChatUser;
import io.parley.chat.conversations.ConversationStore;
import io.parley.chat.conversations.Images;
import io.parley.chat.conversations.MessageLog;
import io.parley.chat.conversations.Removals;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes conversations. In SQL that is one transaction, and then the conversation is gone for
 * everybody; its messages, streams and pictures are removed after it, and until they are, a row
 * remembers it. So a removal that broke off anywhere is done again: at the end of an answer that
 * was being written meanwhile, at the next start, or by the next {@link #resume}. What the index
 * has of it goes by the event that was written in that transaction, and streams that had ended go
 * by themselves after {@link io.parley.chat.ChatLimits#streamKept}. Thread-safe; blocks.
 */
public final class Deletions {
  private static final Logger log = LoggerFactory.getLogger(Deletions.class);

  private final ConversationStore conversations;
  private final Removals removals;
  private final MessageLog messages;
  private final AnswerTexts texts;
  private final Images images;
  private final Jobs jobs;

  Deletions(
      ConversationStore conversations,
      Removals removals,
      MessageLog messages,
      AnswerTexts texts,
      Images images,
      Jobs jobs) {
    this.conversations = conversations;
    this.removals = removals;
    this.messages = messages;
    this.texts = texts;
    this.images = images;
    this.jobs = jobs;
  }

  /**
   * Deletes a conversation with its messages, and ends what is being written in it.
   *
   * @throws io.parley.chat.conversations.StaleVersionException if it has another version
   * @throws io.parley.common.ParleyException NOT_FOUND if the user has none of that id
   */
  public void delete(ChatUser user, String conversationId, long version) {
    clear(conversations.delete(user, conversationId, version));
  }

  /** Goes on with what is not done. To be called at the start, and now and then. */
  public void resume() {
    removals.pending().forEach(this::clear);
  }

  /** An answer has ended that belongs to no conversation any more. */
  void ended(String conversationId) {
    removals.find(conversationId).ifPresent(this::clear);
  }

  /** Whether nothing is left of what a user deleted. */
  public boolean isDone(String userId) {
    return !removals.isPending(userId);
  }

  /**
   * As long as an answer is being written there may be more to remove: then its end is what
   * finishes. Nobody can begin another one, since the conversation is gone.
   */
  private void clear(Removals.Removal removal) {
    boolean isWriting = jobs.stopAll(removal.conversationId());
    try {
      MessageFiling.patiently(() -> clearStores(removal));
      if (!isWriting) {
        MessageFiling.patiently(() -> removals.done(removal.conversationId()));
      }
    } catch (RuntimeException e) {
      log.warn("something is left of {}, and will be removed", removal.conversationId(), e);
    }
  }

  private void clearStores(Removals.Removal removal) {
    messages.remove(removal.conversationId(), removal.buckets());
    removal.streams().forEach(texts::remove);
    images.removeReleased(removal.userId());
  }
}
