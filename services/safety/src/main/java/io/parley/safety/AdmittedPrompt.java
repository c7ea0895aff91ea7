package io.parley.safety;

import io.parley.ports.model.Prompt;

/** A prompt that passed the input gate. Only an {@link InputGuard} makes one. */
public final class AdmittedPrompt {
  private final Prompt prompt;

  AdmittedPrompt(Prompt prompt) {
    this.prompt = prompt;
  }

  public Prompt prompt() {
    return prompt;
  }
}
