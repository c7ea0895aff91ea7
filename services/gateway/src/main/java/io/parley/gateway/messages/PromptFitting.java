package io.parley.gateway.messages;

import io.parley.ports.model.CachePoint;
import io.parley.ports.model.ModelDescriptor;
import io.parley.ports.model.Prompt;
import java.util.ArrayList;
import java.util.List;

/** Fits a conversation to what its model reads, and says what does not fit. */
final class PromptFitting {
  private PromptFitting() {}

  /**
   * @param prompt what the model is to read
   * @param notice a line for the client about what it is not; empty if it is everything
   */
  record Fitted(Prompt prompt, String notice) {}

  static Fitted fit(Conversation conversation, List<Notice> notices, ModelDescriptor model) {
    List<Notice> all = new ArrayList<>(notices);
    String system = conversation.system();
    CachePoint point = conversation.cachePoint();
    if (!model.systemPrompt() && !system.isEmpty()) {
      system = "";
      point = point == null || point.turn() == CachePoint.IN_SYSTEM ? null : point;
      all.add(new Notice("system", "{model} does not read system prompts"));
    }
    return new Fitted(
        new Prompt(system, conversation.turns(), point), Notice.line(all, model.id()));
  }
}
