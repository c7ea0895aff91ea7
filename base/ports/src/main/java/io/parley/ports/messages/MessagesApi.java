package io.parley.ports.messages;

/**
 * Has models answer. Whatever a request over HTTP goes through, a request through this port goes
 * through as well, and its usage is written down once, before its end is told. Thread-safe.
 */
public interface MessagesApi {
  /**
   * Starts an answer and returns when it is on its way. May block: never call it on an event loop.
   *
   * @param listener gets what happens, see {@link AnswerListener}; events may come before this
   *     method returns
   * @throws io.parley.common.ParleyException as the Messages API refuses a request, if it does so
   *     before there is anything to answer; the listener is then never called
   */
  RunningAnswer start(AnswerRequest request, AnswerListener listener);

  /**
   * How many tokens the model would read for this body. May block.
   *
   * @param body as of {@link #start}; only what makes the prompt counts
   * @throws io.parley.common.ParleyException as the Messages API refuses such a request
   */
  int countTokens(byte[] body);
}
