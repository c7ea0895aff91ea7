package io.parley.gateway.messages;

import io.parley.gateway.circuit.Passage;
import io.parley.gateway.observation.Timeline;
import io.parley.ports.model.GenerationEvent;
import io.parley.ports.model.Usage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Settles one request, once: gives back what it held, and has it written down before its client is
 * told the end. A request that the model never began with is given back and not written down, so
 * that one refused for lack of room costs next to nothing. Belongs to the thread that writes.
 */
final class Settlement {
  private final Accepted request;
  private final Passage passage;
  private final Hold hold;
  private final Accounts accounts;
  private final Timeline timeline;
  private long queueMs;

  Settlement(Accepted request, Passage passage, Hold hold, Accounts accounts, Timeline timeline) {
    this.request = request;
    this.passage = passage;
    this.hold = hold;
    this.accounts = accounts;
    this.timeline = timeline;
  }

  /** The model began with the prompt, which had waited for that. */
  void begun(Usage prompt, long waitedMs) {
    queueMs = waitedMs;
    hold.started(prompt);
  }

  /** The generation is over, well or not. */
  void generated(GenerationEvent.Ended event) {
    passage.ended(event);
  }

  /** The model never began. */
  void release() {
    hold.release();
  }

  /**
   * Settles what the request took.
   *
   * @param then is told whether it is written down, on any thread
   */
  void conclude(Conclusion.Outcome outcome, Usage usage, Consumer<Boolean> then) {
    hold.settle(usage, outcome);
    accounts.conclude(
        new Conclusion(request, outcome, usage, queueMs, timeline.ttftMs(), totalMs()), then);
  }

  private long totalMs() {
    return TimeUnit.NANOSECONDS.toMillis(timeline.sinceReceivedNanos());
  }
}
