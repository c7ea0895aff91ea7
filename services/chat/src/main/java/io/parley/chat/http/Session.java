package io.parley.chat.http;

import io.parley.chat.ChatUser;

/**
 * A sign-in that is in force.
 *
 * @param csrfToken what each request that changes something has to repeat in the header {@code
 *     x-parley-csrf}
 */
public record Session(ChatUser user, String csrfToken) {}
