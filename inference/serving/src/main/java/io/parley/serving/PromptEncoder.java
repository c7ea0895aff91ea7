package io.parley.serving;

import io.parley.ports.model.Prompt;

/** A model's chat template and tokenizer. Implementations are thread-safe. */
@FunctionalInterface
public interface PromptEncoder {
  /**
   * Renders and tokenizes a prompt.
   *
   * @return ids, at least one, the start of the assistant's turn included
   * @throws io.parley.common.ParleyException INVALID_REQUEST if the template cannot render it
   */
  int[] encode(Prompt prompt);
}
