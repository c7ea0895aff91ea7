package io.parley.chat.users;

import java.time.Instant;
import java.util.Optional;

/**
 * Somebody who chats.
 *
 * @param id {@code usr_} and a ULID; stays the same when a guest signs up
 * @param email in small letters; empty for a guest
 */
public record User(
    String id,
    String organisationId,
    Optional<String> email,
    String name,
    boolean guest,
    Notifications notifications,
    Instant createdAt) {}
