package io.parley.chat.http;

import io.parley.chat.ChatLimits;
import io.parley.chat.conversations.ConversationStore;
import io.parley.common.ParleyException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Parameters of queries. */
final class Queries {
  private static final int DEFAULT_PAGE = 50;

  private Queries() {}

  /** How many items a page is to have. */
  static int limit(ChatCall call, ChatLimits limits) {
    Optional<String> given = call.query("limit");
    if (given.isEmpty()) {
      return DEFAULT_PAGE;
    }
    long number = number("limit", given.get());
    if (number < 1 || number > limits.maxPage()) {
      throw ParleyException.invalid(
          "limit: must be 1 to %d, and is %d".formatted(limits.maxPage(), number));
    }
    return (int) number;
  }

  static boolean flag(ChatCall call, String name) {
    String given = call.query(name).orElse("false");
    return switch (given) {
      case "true" -> true;
      case "false" -> false;
      default -> throw ParleyException.invalid(name + ": must be true or false");
    };
  }

  static long number(String name, String given) {
    try {
      long number = Long.parseLong(given);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw ParleyException.invalid(name + ": must be a number, and is '" + given + "'");
    }
    throw ParleyException.invalid(name + ": must not be negative");
  }

  static String cursor(ConversationStore.Position position) {
    String text = position.lastActivityMs() + ":" + position.id();
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  static ConversationStore.@Nullable Position position(ChatCall call) {
    Optional<String> cursor = call.query("cursor");
    if (cursor.isEmpty()) {
      return null;
    }
    try {
      String text = new String(Base64.getUrlDecoder().decode(cursor.get()), StandardCharsets.UTF_8);
      int colon = text.indexOf(':');
      return new ConversationStore.Position(
          Long.parseLong(text.substring(0, Math.max(colon, 0))), text.substring(colon + 1));
    } catch (IllegalArgumentException e) {
      throw ParleyException.invalid("cursor: must be the `next` of an earlier page");
    }
  }
}
