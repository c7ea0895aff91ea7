package io.parley.chat.users;

/** The tenant whose people chat on this server; the gateway knows it by the same id. */
public record Organisation(String id, String name) {}
