package io.parley.chat;

/**
 * Who chats.
 *
 * @param organisationId whose limits, prices and rules the conversations are under
 * @param userId {@code usr_} and a ULID; nothing of one user may become visible to another, unless
 *     shared
 * @param guest whether it is somebody who has not signed up
 */
public record ChatUser(String organisationId, String userId, boolean guest) {}
