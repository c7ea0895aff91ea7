package io.parley.gateway.messages;

import java.util.function.Consumer;

/** Keeps what requests came to. Thread-safe. */
@FunctionalInterface
public interface Accounts {
  /** Keeps nothing. */
  Accounts NONE = (conclusion, then) -> then.accept(true);

  /**
   * Writes a conclusion down and tells whether that is done: it then survives the death of the
   * process. If it could not be written, nothing of it was.
   *
   * @param then is called once, on any thread
   */
  void conclude(Conclusion conclusion, Consumer<Boolean> then);
}
