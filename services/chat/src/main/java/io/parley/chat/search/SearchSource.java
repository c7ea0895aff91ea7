package io.parley.chat.search;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where it stands what is indexed: the conversations themselves. Blocks.
 *
 * <p>Only what may be found comes from here: no answer that the safety gates refused or halted, nor
 * the message that it answered.
 */
public interface SearchSource {
  /** A message; empty if it is not there any more, or must not be found. */
  Optional<Searchable.Message> message(String userId, String conversationId, String messageId);

  /** The title of a conversation; empty if it has none or is not there. */
  Optional<Searchable.Title> title(String userId, String conversationId);

  /** All of the conversations in which something happened at that time or later, in any order. */
  void activeSince(Instant time, Consumer<Searchable> each);
}
