package io.parley.ports.model;

/**
 * Tokens that a generation took.
 *
 * @param inputTokens tokens of the rendered prompt
 * @param outputTokens tokens generated, the end-of-turn token included
 */
public record Usage(int inputTokens, int outputTokens) {}
