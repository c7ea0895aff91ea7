package io.parley.chat.users;

/** Somebody who just came in, and the session to prove it by. */
public record SignedIn(User user, SessionToken session) {}
