package io.parley.chat.conversations;

import org.jspecify.annotations.Nullable;

/**
 * A conversation as its row has it: what a transaction may look at, since nothing of it has to be
 * opened, which may itself ask the database.
 *
 * @param bare without its texts, but for those that an earlier version did not seal
 * @param title sealed, null if there is none
 * @param system likewise
 */
@SuppressWarnings("ArrayRecordComponent") // it is opened, never compared
record ConversationRow(Conversation bare, byte @Nullable [] title, byte @Nullable [] system) {}
