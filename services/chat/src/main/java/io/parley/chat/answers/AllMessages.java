package io.parley.chat.answers;

import io.parley.chat.conversations.Conversation;
import io.parley.chat.conversations.Message;
import io.parley.chat.conversations.MessageLog.Place;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Goes through the messages of a conversation, page by page. Thread-safe; blocks. */
public final class AllMessages {
  private static final int PAGE = 500;

  private final History history;

  public AllMessages(History history) {
    this.history = history;
  }

  /** Every message of every branch, oldest first. */
  public void of(Conversation conversation, Consumer<Message> each) {
    String after = "0"; // before every id
    History.Page page;
    do {
      page = history.page(conversation, new Place.After(after), PAGE);
      page.messages().forEach(each);
      after = page.messages().isEmpty() ? after : page.messages().getLast().id();
    } while (page.more());
  }

  /**
   * The messages that lead to one of them, oldest first. Reads the conversation twice and holds the
   * ids of its messages, so that a branch of any length can be written out while it is read.
   */
  public void ofBranch(Conversation conversation, @Nullable String headId, Consumer<Message> each) {
    Map<String, String> parents = new HashMap<>();
    of(conversation, message -> parents.put(message.id(), String.valueOf(message.parentId())));
    Set<String> branch = new HashSet<>();
    String next = headId;
    while (next != null && parents.containsKey(next) && branch.add(next)) {
      next = parents.get(next);
    }
    of(
        conversation,
        message -> {
          if (branch.contains(message.id())) {
            each.accept(message);
          }
        });
  }
}
