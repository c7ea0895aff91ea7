package io.parley.chat.conversations;

/**
 * What a transaction throws that comes too late. Outside of it the conversation is read again, and
 * told as a {@link StaleVersionException}.
 */
final class VersionMovedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  VersionMovedException() {
    super("the conversation has another version", null, false, false);
  }
}
