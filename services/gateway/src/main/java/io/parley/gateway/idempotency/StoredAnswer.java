package io.parley.gateway.idempotency;

/**
 * A whole answer as its client got it, and gets it again.
 *
 * @param stream whether it is a stream of events rather than one JSON object
 * @param notice the line about what was accepted and not used; empty for none
 * @param queueMs how long its prompt waited for the model, in milliseconds
 * @param body the bytes; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // it is handed on, never compared
public record StoredAnswer(
    String messageId, boolean stream, String notice, long queueMs, byte[] body) {}
