package io.parley.ports.log;

/** Events after the position that a reader asked for were trimmed: it has to begin anew. */
public final class PositionGoneException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public PositionGoneException(long position) {
    super("events after position " + position + " are no longer kept");
  }
}
