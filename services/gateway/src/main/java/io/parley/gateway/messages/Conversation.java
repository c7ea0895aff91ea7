package io.parley.gateway.messages;

import io.parley.ports.model.Prompt;
import java.util.List;

/**
 * What was said, as the model will read it: roles alternate, beginning with the user.
 *
 * @param system empty if there is none
 */
record Conversation(String system, List<Prompt.Turn> turns) {
  Conversation {
    turns = List.copyOf(turns);
  }
}
