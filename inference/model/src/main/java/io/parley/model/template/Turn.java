package io.parley.model.template;

import java.util.Locale;

/** One message of a conversation. */
public record Turn(Role role, String text) {
  /** Who speaks. */
  public enum Role {
    USER,
    ASSISTANT;

    /** The name that templates know. */
    String templateName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A message of the user. */
  public static Turn user(String text) {
    return new Turn(Role.USER, text);
  }

  /** A message of the assistant; as the last of a conversation, one that the model continues. */
  public static Turn assistant(String text) {
    return new Turn(Role.ASSISTANT, text);
  }
}
