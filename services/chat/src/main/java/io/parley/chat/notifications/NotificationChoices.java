package io.parley.chat.notifications;

import io.parley.chat.users.Notifications;
import io.parley.chat.users.User;
import io.parley.common.ParleyException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.Optional;

/**
 * What somebody may choose to be told by. Thread-safe; blocks, on the database and on the look-up
 * of names.
 */
public final class NotificationChoices {
  private final NotificationSettings settings;
  private final WebhookSecrets secrets;
  private final Destinations destinations;

  /** What a user can be told by. */
  public record Offer(boolean mail, boolean webhook) {}

  /** Choices within settings, with the machine's look-up of names. */
  public NotificationChoices(NotificationSettings settings, WebhookSecrets secrets) {
    this(settings, secrets, new Destinations(settings.allowPrivate(), InetAddress::getAllByName));
  }

  NotificationChoices(
      NotificationSettings settings, WebhookSecrets secrets, Destinations destinations) {
    this.settings = settings;
    this.secrets = secrets;
    this.destinations = destinations;
  }

  public Offer offer(User user) {
    boolean mail = settings.mail().isPresent() && user.email().isPresent();
    return new Offer(!user.guest() && mail, !user.guest() && settings.webhooks());
  }

  /**
   * Checks a choice before it is written. What is as it was stays, even if it could not be chosen
   * now.
   *
   * @throws ParleyException INVALID_REQUEST that names what this server does not do, or the address
   *     that it does not call
   */
  public void check(User user, Notifications chosen) {
    Notifications before = user.notifications();
    if (chosen.mail() && !before.mail()) {
      requireMail(user);
    }
    if (chosen.webhook().isPresent() && !chosen.webhook().equals(before.webhook())) {
      requireWebhook(user, chosen.webhook().get());
    }
  }

  /**
   * Follows a choice that was written. If a process ends before this, the address has no secret and
   * is not called, until the choice is written again.
   *
   * @return what calls will be signed with, if it is new; it is told this once
   */
  public Optional<String> secret(User changed) {
    Optional<String> webhook = changed.notifications().webhook();
    if (webhook.isEmpty()) {
      secrets.forget(changed.id());
    }
    return webhook.flatMap(address -> secrets.make(changed.id(), address));
  }

  private void requireMail(User user) {
    refuseGuest(user);
    if (settings.mail().isEmpty()) {
      throw ParleyException.invalid("notify.mail: this server sends no mail");
    }
    if (user.email().isEmpty()) {
      throw ParleyException.invalid("notify.mail: this account has no mail address");
    }
  }

  private void requireWebhook(User user, String webhook) {
    refuseGuest(user);
    if (!settings.webhooks()) {
      throw ParleyException.invalid("notify.webhook: this server calls no webhooks");
    }
    URI uri = Webhooks.uri(webhook);
    if (!destinations.allowsPrivate() && !"https".equals(uri.getScheme())) {
      throw ParleyException.invalid("notify.webhook: must be an https address");
    }
    try {
      destinations.resolve(uri.getHost());
    } catch (Destinations.ForbiddenException e) {
      throw ParleyException.invalid(
          "notify.webhook: its host must be on the public internet; this server calls no other");
    } catch (IOException e) {
      throw ParleyException.invalid("notify.webhook: its host cannot be found");
    }
  }

  /**
   * A guest is nobody in particular: a server that calls for anybody is one to attack others by.
   */
  private static void refuseGuest(User user) {
    if (user.guest()) {
      throw ParleyException.invalid("notify: guests are not told; sign up first");
    }
  }
}
