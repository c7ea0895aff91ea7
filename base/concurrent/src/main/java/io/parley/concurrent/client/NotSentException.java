package io.parley.concurrent.client;

import java.io.IOException;

/** A call failed before any of it was sent, so that making it again is safe, whatever it is. */
public final class NotSentException extends IOException {
  private static final long serialVersionUID = 1;

  /** With what went wrong. */
  public NotSentException(IOException cause) {
    super("nothing was sent: " + cause.getMessage(), cause);
  }
}
