package io.parley.chat.notifications;

/** What became of a notification. */
enum Outcome {
  /** It has arrived. */
  SENT,
  /** Nobody has to be told any more. */
  DROPPED,
  /** It could not be sent. */
  FAILED
}
