package io.parley.gateway.messages;

import io.parley.ports.model.Usage;

/**
 * What a request holds as long as it runs, such as a part of its organisation's limits. It is ended
 * once, by {@link #settle} or {@link #release}. Thread-safe; no method blocks for long, none
 * throws.
 */
public interface Hold {
  /** Holds nothing. */
  Hold NONE =
      new Hold() {
        @Override
        public void started(Usage prompt) {}

        @Override
        public void settle(Usage usage, Conclusion.Outcome outcome) {}

        @Override
        public void release() {}
      };

  /** The model begins, and the exact size of the prompt is known. */
  void started(Usage prompt);

  /** It ran and took this; whether it is paid for depends on how it ended. */
  void settle(Usage usage, Conclusion.Outcome outcome);

  /** It never ran. */
  void release();
}
