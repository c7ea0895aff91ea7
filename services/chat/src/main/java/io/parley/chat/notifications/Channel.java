package io.parley.chat.notifications;

/** How somebody is told. */
enum Channel {
  MAIL,
  WEBHOOK
}
