package io.parley.chat.users;

/**
 * What one guess at a password costs whoever makes it (Argon2, RFC 9106).
 *
 * @param memoryKib memory that a hash fills, in KiB
 * @param passes how often it fills it
 * @param lanes how many threads could fill it
 */
public record PasswordCost(int memoryKib, int passes, int lanes) {
  /** OWASP's choice of 2023 and later, among equals the one with least memory and two passes. */
  public static final PasswordCost DEFAULT = new PasswordCost(19_456, 2, 1);

  public PasswordCost {
    if (lanes < 1 || passes < 1 || memoryKib < 8 * lanes) {
      throw new IllegalArgumentException(
          "lanes and passes must be at least 1, memoryKib 8 for each lane: %d, %d, %d"
              .formatted(lanes, passes, memoryKib));
    }
  }
}
