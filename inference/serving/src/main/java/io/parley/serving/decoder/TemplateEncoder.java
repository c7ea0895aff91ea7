package io.parley.serving.decoder;

import io.parley.model.template.ChatTemplate;
import io.parley.model.template.Turn;
import io.parley.ports.model.Prompt;
import io.parley.serving.PromptEncoder;

/** Prompts by the chat template of a model file. */
record TemplateEncoder(ChatTemplate template) implements PromptEncoder {
  @Override
  public int[] encode(Prompt prompt) {
    return template.render(
        prompt.system(), prompt.turns().stream().map(TemplateEncoder::turn).toList());
  }

  private static Turn turn(Prompt.Turn turn) {
    return switch (turn.role()) {
      case USER -> Turn.user(turn.text());
      case ASSISTANT -> Turn.assistant(turn.text());
    };
  }
}
