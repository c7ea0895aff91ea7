package io.parley.gateway.limits;

/**
 * A reservation that was not made.
 *
 * @param limit what there was not enough of; of several, the one that takes longest
 * @param size how much there is of it
 * @param retryAfterMs when the same reservation will be made if nothing else happens, at least 1
 */
record Refusal(Limit limit, long size, long retryAfterMs) {}
