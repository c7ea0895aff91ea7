package io.parley.gateway.messages;

import io.parley.ports.model.GenerationListener;

/**
 * One request as a pipeline sees it: what the client sent, and the way back to it. The methods are
 * called on the pipeline's thread, which may block; what they write is written on another.
 */
public interface Call {
  RequestHead head();

  /**
   * The whole body; waits until it is there.
   *
   * @throws io.parley.common.ParleyException REQUEST_TOO_LARGE, OVERLOADED or TIMEOUT when a limit
   *     is reached; the client gets to see it
   */
  byte[] body();

  /** How it is served, as {@link Accepted#serviceTier} names it. */
  default String serviceTier() {
    return Accepted.STANDARD;
  }

  /** Tells the client something about its request beside the answer; before the answer begins. */
  void notice(String notice);

  /** Where the answer is to be written, event by event or whole. */
  AnswerWriter writer(boolean stream);

  /**
   * Connects a generation with the answer: what the listener gets, {@link Answer#on} gets, in
   * order, on the thread that writes. A client that goes away abandons the answer. From here on the
   * server waits for {@link #over} before it stops.
   */
  GenerationListener deliver(Answer answer);

  /** Runs something on the thread that writes, and hands over what it wrote. */
  void run(Runnable task);

  /** The answer that was delivered is over; called on the thread that writes. */
  void over();
}
