package io.parley.model.kernel.onednn;

/**
 * The library is not there, does not fit this machine, or refused a call; the message says which.
 */
public final class NativeCodeException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public NativeCodeException(String message) {
    super(message);
  }

  NativeCodeException(String message, Throwable cause) {
    super(message, cause);
  }
}
