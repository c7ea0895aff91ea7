package io.parley.chat.sharing;

/**
 * A picture that a link shows.
 *
 * @param bytes must not be modified
 */
@SuppressWarnings("ArrayRecordComponent") // it is handed on, never compared
public record SharedImage(String mediaType, byte[] bytes) {}
