package io.parley.chat.search;

import java.util.Optional;
import java.util.function.Consumer;

/** Where it stands what is indexed: the conversations themselves. Blocks. */
public interface SearchSource {
  /** A message; empty if it is not there any more. */
  Optional<Found> message(String userId, String conversationId, String messageId);

  /** The title of a conversation; empty if it has none or is not there. */
  Optional<Searchable.Title> title(String userId, String conversationId);

  /** Everything that may be found, in any order. */
  void all(Consumer<Searchable> each);

  /**
   * What a message means for the index.
   *
   * @param message as it may be found; empty if it says nothing, or if the safety gates refused or
   *     halted it
   * @param refused the message that was refused by this answer, which may not be found either
   */
  record Found(Optional<Searchable.Message> message, Optional<String> refused) {}
}
