package io.parley.ports.conversation;

import java.util.List;
import java.util.Optional;

/**
 * Messages by partition, in the order of their ids. Thread-safe. Methods block: never call them on
 * an event loop.
 *
 * <p><b>Atomicity.</b> A {@link #put} is seen whole or not at all. There is nothing across
 * messages, let alone partitions: whoever writes two of them says in which order, and must be right
 * when only the first is there.
 *
 * <p><b>Order.</b> By id within a partition; there is no order of time. What {@link #put} has
 * returned from is seen by every later call, of any process. Of puts of one id at the same time any
 * may win, so each message has one writer at a time.
 *
 * <p><b>Absence.</b> A message that was never put and one that was removed are the same. After
 * {@link #removeConversation} an id must not be used again: in some stores the removal hides what
 * is put soon after.
 *
 * <p><b>Time-outs.</b> After TIMEOUT a put or a removal may have happened, or may happen yet.
 * Repeating it is harmless. After any other exception it has not happened.
 */
public interface MessageStore {
  /** Messages of one answer to {@link #page}. */
  int MAX_PAGE = 1_000;

  /**
   * Adds a message, or writes it anew. When this returns it is on stable storage.
   *
   * @throws io.parley.common.ParleyException TIMEOUT if the outcome is unknown, OVERLOADED if there
   *     are too many writes
   */
  void put(MessagePartition partition, StoredMessage message);

  /** The message, as the last put left it. */
  Optional<StoredMessage> get(MessagePartition partition, String id);

  /**
   * A stretch of a partition, from the place that is asked for, at a cost that does not depend on
   * how much the partition holds.
   *
   * @param most 1 to {@value #MAX_PAGE}
   */
  List<StoredMessage> page(MessagePartition partition, From from, int most);

  /**
   * Removes all messages of a conversation.
   *
   * @param buckets how many partitions it has: from 0 to one below this
   */
  void removeConversation(String conversationId, int buckets);

  /** Where a page begins, and which way it goes. */
  sealed interface From {
    /** The newest, newest first. */
    record End() implements From {}

    /** The ones before it, newest first; it need not be there. */
    record Before(String id) implements From {}

    /** The ones after it, oldest first; it need not be there. */
    record After(String id) implements From {}
  }
}
