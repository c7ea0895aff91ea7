package io.parley.chat.http;

/** Answers the requests of one route. Called on a thread of the request's own, which may block. */
@FunctionalInterface
public interface ChatEndpoint {
  /**
   * Answers by one of the call's replies.
   *
   * @throws io.parley.common.ParleyException what the client gets to see instead
   */
  void serve(ChatCall call);
}
