package io.parley.chat.conversations;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Goes through the messages of a conversation, page by page. Thread-safe; blocks. */
public final class AllMessages {
  private static final int PAGE = 500;

  private final MessageLog messages;

  public AllMessages(MessageLog messages) {
    this.messages = messages;
  }

  /** Every message of every branch, oldest first. */
  public void of(Conversation conversation, Consumer<Message> each) {
    String after = "0"; // before every id
    List<Message> page;
    do {
      page = messages.page(conversation, new MessageLog.Place.After(after), PAGE);
      page.forEach(each);
      after = page.isEmpty() ? after : page.getLast().id();
    } while (page.size() == PAGE);
  }

  /**
   * The messages that lead to one of them, oldest first. Reads the conversation twice and holds the
   * ids of its messages, so that a branch of any length can be written out while it is read.
   */
  public void ofBranch(
      Conversation conversation, @Nullable String headId, Consumer<Message> each) {
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
