package io.parley.chat.notifications;

import io.parley.chat.conversations.Message;
import io.parley.chat.users.Notifications;
import io.parley.chat.users.User;
import java.time.Instant;
import java.util.Optional;

/** Somebody who is told something. */
final class Told {
  static final Instant ENDED = Instant.parse("2026-01-01T00:00:00.123Z");

  private Told() {}

  static Notification of(Channel channel, Message.Status status) {
    return new Notification("ntf_1", "usr_1", "conv_1", "cmsg_1", status, channel, ENDED, 1);
  }

  static User user(boolean guest, boolean mail, String webhook) {
    return new User(
        "usr_1",
        "org_1",
        guest ? Optional.empty() : Optional.of("ada@example.com"),
        "Ada",
        guest,
        new Notifications(mail, Optional.of(webhook).filter(url -> !url.isEmpty())),
        ENDED);
  }
}
