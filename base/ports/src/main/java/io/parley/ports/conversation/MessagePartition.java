package io.parley.ports.conversation;

/**
 * Messages that are kept together: a stretch of one conversation. A conversation that grows begins
 * a new bucket now and then, so that no partition grows without bound.
 *
 * @param conversationId 1 to {@value #MAX_ID_CHARS} characters of letters, digits, {@code _} and
 *     {@code -}
 * @param bucket from 0
 */
public record MessagePartition(String conversationId, int bucket) {
  /** Characters of an id, of a conversation or of a message. */
  public static final int MAX_ID_CHARS = 128;

  public MessagePartition {
    checkId(conversationId);
    if (bucket < 0) {
      throw new IllegalArgumentException("a bucket is at least 0: " + bucket);
    }
  }

  /** Throws IllegalArgumentException if it is none. */
  static void checkId(String id) {
    boolean good = !id.isEmpty() && id.length() <= MAX_ID_CHARS;
    for (int i = 0; good && i < id.length(); i++) {
      char c = id.charAt(i);
      good =
          (c >= '0' && c <= '9')
              || (c >= 'A' && c <= 'Z')
              || (c >= 'a' && c <= 'z')
              || c == '_'
              || c == '-';
    }
    if (!good) {
      throw new IllegalArgumentException(
          "an id has 1 to %d letters, digits, _ and -: '%s'".formatted(MAX_ID_CHARS, id));
    }
  }
}
