package io.parley.ports.model;

import java.util.List;

/**
 * What the model is to continue, before its chat template.
 *
 * @param system the system prompt, empty if there is none
 * @param turns at least one; if the last is the assistant's, the model continues that text
 */
public record Prompt(String system, List<Turn> turns) {
  public Prompt {
    turns = List.copyOf(turns);
    if (turns.isEmpty()) {
      throw new IllegalArgumentException("a prompt needs at least one turn");
    }
  }

  /** One message of the conversation. */
  public record Turn(Role role, String text) {}

  /** Who speaks. */
  public enum Role {
    USER,
    ASSISTANT
  }
}
