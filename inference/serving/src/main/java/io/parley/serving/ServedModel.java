package io.parley.serving;

import io.parley.ports.model.ModelDescriptor;

/**
 * A model that is loaded and runs.
 *
 * @param encoder how its prompts become tokens
 * @param loop what generates from them
 * @param prefixCache whether prompts share what they have in common
 */
public record ServedModel(
    ModelDescriptor descriptor, PromptEncoder encoder, EngineLoop loop, boolean prefixCache) {
  public String id() {
    return descriptor.id();
  }
}
