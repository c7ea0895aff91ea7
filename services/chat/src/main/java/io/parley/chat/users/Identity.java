package io.parley.chat.users;

import java.util.Optional;

/**
 * Somebody as an OpenID provider knows them.
 *
 * @param subject never changes and is given to nobody else by this issuer
 * @param email only if the provider says that it has verified it
 */
public record Identity(String issuer, String subject, Optional<String> email, String name) {}
