package io.parley.chat.sync;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Something of a user's has changed. */
public sealed interface ChatEvent {
  String conversationId();

  /** A conversation is new, or anything of it is. */
  record ConversationChanged(String conversationId) implements ChatEvent {}

  /** A message was sent, begun or ended. */
  record MessageChanged(String conversationId, String messageId) implements ChatEvent {}

  /** A conversation is gone with all its messages. */
  record ConversationDeleted(String conversationId) implements ChatEvent {}

  /** The user has seen a message and all before it. */
  record MessageRead(String conversationId, String messageId) implements ChatEvent {}

  /** Ids hold no blanks. */
  static String encode(ChatEvent event) {
    return switch (event) {
      case ConversationChanged(String conversation) -> "conversation " + conversation;
      case MessageChanged(String conversation, String message) ->
          "message " + conversation + " " + message;
      case ConversationDeleted(String conversation) -> "deleted " + conversation;
      case MessageRead(String conversation, String message) ->
          "read " + conversation + " " + message;
    };
  }

  /** What {@link #encode} wrote, from a record of the log. */
  static ChatEvent decode(byte[] event) {
    List<String> words = List.of(new String(event, StandardCharsets.UTF_8).split(" ", -1));
    return switch (words.getFirst()) {
      case "conversation" -> new ConversationChanged(words.get(1));
      case "message" -> new MessageChanged(words.get(1), words.get(2));
      case "deleted" -> new ConversationDeleted(words.get(1));
      case "read" -> new MessageRead(words.get(1), words.get(2));
      default -> throw new IllegalArgumentException("unknown event: " + words.getFirst());
    };
  }
}
