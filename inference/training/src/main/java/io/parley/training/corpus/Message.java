package io.parley.training.corpus;

/** One turn of a conversation. */
public record Message(Role role, String text) {
  static Message user(String text) {
    return new Message(Role.USER, text);
  }

  static Message assistant(String text) {
    return new Message(Role.ASSISTANT, text);
  }
}
