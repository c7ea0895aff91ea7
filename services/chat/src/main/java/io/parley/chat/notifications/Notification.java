package io.parley.chat.notifications;

import io.parley.chat.conversations.Message;
import java.time.Instant;

/**
 * Something that somebody is to be told.
 *
 * @param id {@code ntf_} and a ULID; the same in all attempts
 * @param status how the answer ended
 * @param attempts that were begun, the one that it is claimed for included
 */
record Notification(
    String id,
    String userId,
    String conversationId,
    String messageId,
    Message.Status status,
    Channel channel,
    Instant endedAt,
    int attempts) {}
