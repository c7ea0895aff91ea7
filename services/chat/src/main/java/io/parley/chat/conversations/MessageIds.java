package io.parley.chat.conversations;

import io.parley.common.Ulid;
import org.jspecify.annotations.Nullable;

/**
 * Ids of messages. Within a conversation they rise whatever the clocks of its servers say: a new
 * one that would not is the last one counted up. Thread-safe.
 */
public final class MessageIds {
  private static final String PREFIX = "cmsg_";
  private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

  private final Ulid ulid;

  public MessageIds(Ulid ulid) {
    this.ulid = ulid;
  }

  /** An id that is greater than the last one. */
  String after(@Nullable String last) {
    String next = PREFIX + ulid.next();
    return last == null || next.compareTo(last) > 0 ? next : countedUp(last);
  }

  static String countedUp(String id) {
    char[] chars = id.toCharArray();
    for (int i = chars.length - 1; i >= PREFIX.length(); i--) {
      int digit = DIGITS.indexOf(chars[i]);
      if (digit < DIGITS.length() - 1) {
        chars[i] = DIGITS.charAt(digit + 1);
        return new String(chars);
      }
      chars[i] = DIGITS.charAt(0);
    }
    throw new IllegalStateException("no id comes after " + id);
  }
}
