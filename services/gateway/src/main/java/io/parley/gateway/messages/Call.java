package io.parley.gateway.messages;

import io.parley.gateway.Principal;
import io.parley.ports.model.GenerationListener;
import java.util.Map;
import java.util.Optional;

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

  /**
   * Makes this the call that answers, unless it repeats an earlier one: then its client gets the
   * answer of that, and nothing is left to do. May block until that is known.
   *
   * @param messageId of the answer
   * @param body as it was sent
   * @return whether to go on
   * @throws io.parley.common.ParleyException INVALID_REQUEST or CONFLICT if what the client says of
   *     an earlier call is wrong
   */
  default boolean claim(Principal principal, String messageId, byte[] body, boolean stream) {
    return true;
  }

  /** How it is served, as {@link Accepted#serviceTier} names it. */
  default String serviceTier() {
    return Accepted.STANDARD;
  }

  /** Who is behind it, if the caller knows better than the body; empty if not. */
  default Optional<String> endUser() {
    return Optional.empty();
  }

  /** Tells the client something about its request beside the answer; before the answer begins. */
  void notice(String notice);

  /** Adds lines to the head of the response, by name; before the answer begins. */
  void headers(Map<String, String> lines);

  /** Where the answer is to be written, event by event or whole. */
  AnswerWriter writer(boolean stream);

  /**
   * Connects a generation with the answer: what the listener gets, {@link Answer#on} gets, in
   * order, on the thread that writes. An answer that nobody reads is abandoned. From here on the
   * server waits for {@link #over} before it stops.
   */
  GenerationListener deliver(Answer answer);

  /** Runs something on the thread that writes, and hands over what it wrote. */
  void run(Runnable task);

  /** The answer that was delivered is over; called on the thread that writes. */
  void over();
}
