package io.parley.chat.notifications;

import java.util.Optional;

/**
 * What notifications there may be.
 *
 * @param webhooks whether people may have an address called
 * @param allowPrivate whether that may be one of this network, or without TLS
 * @param mail how mails are sent; empty for none
 */
public record NotificationSettings(
    boolean webhooks, boolean allowPrivate, Optional<MailSettings> mail) {
  public static final NotificationSettings NONE =
      new NotificationSettings(false, false, Optional.empty());
}
