package io.parley.gateway.idempotency;

/** How it stands with a key when a request comes with it. */
public sealed interface Standing {
  /** The request is the first with this key: it is to generate the answer. */
  record Mine(Claim claim) implements Standing {}

  /**
   * Another request has it and is under way, here or on another server.
   *
   * @param requestId of that request
   * @param messageId of its answer
   */
  record Running(String requestId, String messageId) implements Standing {}

  /** There is an answer. */
  record Answered(StoredAnswer answer) implements Standing {}
}
