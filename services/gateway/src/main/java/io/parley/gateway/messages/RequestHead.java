package io.parley.gateway.messages;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a request before its body.
 *
 * @param requestId made by the gateway, unique
 * @param receivedNanos when the head arrived, on the clock of the gateway's time source
 * @param apiKey the header {@code x-api-key}
 * @param authorization the header {@code authorization}
 * @param apiVersion the header {@code anthropic-version}
 */
public record RequestHead(
    String requestId,
    long receivedNanos,
    @Nullable String apiKey,
    @Nullable String authorization,
    @Nullable String apiVersion) {}
