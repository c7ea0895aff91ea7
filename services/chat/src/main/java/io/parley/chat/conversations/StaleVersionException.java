package io.parley.chat.conversations;

/** Somebody else wrote meanwhile; nothing was changed. */
public final class StaleVersionException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Conversation current;

  public StaleVersionException(Conversation current) {
    super("version: the conversation has changed meanwhile, its version is " + current.version());
    this.current = current;
  }

  /** The conversation as it is now. */
  public Conversation current() {
    return current;
  }
}
