package io.parley.gateway.messages;

/**
 * What is known of an answer before it begins.
 *
 * @param messageId {@code msg_…}
 * @param modelId the model that answers, whatever name the client used
 * @param cacheTtl how long the client wants what it marked to be kept
 * @param serviceTier see {@link Accepted#serviceTier}
 */
public record AnswerHead(String messageId, String modelId, CacheTtl cacheTtl, String serviceTier) {}
