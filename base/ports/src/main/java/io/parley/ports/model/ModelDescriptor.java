package io.parley.ports.model;

import java.time.Instant;

/**
 * A model as clients see it.
 *
 * @param id stable name, such as {@code parley-base}
 * @param createdAt when the weights were made
 * @param contextTokens prompt and answer together, at most
 * @param systemPrompt whether the model reads a system prompt
 * @param images whether it reads images
 * @param tools whether it can call tools
 */
public record ModelDescriptor(
    String id,
    String displayName,
    Instant createdAt,
    int contextTokens,
    boolean systemPrompt,
    boolean images,
    boolean tools) {}
