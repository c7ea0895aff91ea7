package io.parley.chat.notifications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.parley.chat.BodyCipher;
import io.parley.chat.users.Notifications;
import io.parley.chat.users.User;
import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.embedded.SqliteDatabase;
import io.parley.ports.data.Database;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotificationChoicesTest {
  private static final User ADA = Told.user(false, false, "");
  private static final User GUEST = Told.user(true, false, "");
  private static final MailSettings MAIL =
      new MailSettings("mail", 25, "parley@example.com", Optional.empty(), false, "https://p");

  @TempDir Path directory;
  private Database database;
  private WebhookSecrets secrets;

  @BeforeEach
  void open() {
    database = SqliteDatabase.open(directory.resolve("test.db"), 1);
    secrets = new WebhookSecrets(database, BodyCipher.PLAIN, new SecureRandom());
  }

  @AfterEach
  void close() {
    database.close();
  }

  private NotificationChoices choices(NotificationSettings settings) {
    return new NotificationChoices(
        settings, secrets, new Destinations(settings.allowPrivate(), this::resolve));
  }

  private InetAddress[] resolve(String host) throws UnknownHostException {
    return switch (host) {
      case "example.com" -> new InetAddress[] {InetAddress.ofLiteral("1.1.1.1")};
      case "intranet" -> new InetAddress[] {InetAddress.ofLiteral("10.0.0.1")};
      default -> throw new UnknownHostException(host);
    };
  }

  @Test
  void offersWhatTheSettingsAllowToWhoHasAnAccount() {
    NotificationSettings all = new NotificationSettings(true, false, Optional.of(MAIL));
    assertThat(choices(all).offer(ADA)).isEqualTo(new NotificationChoices.Offer(true, true));
    assertThat(choices(all).offer(GUEST)).isEqualTo(new NotificationChoices.Offer(false, false));
    assertThat(choices(NotificationSettings.NONE).offer(ADA))
        .isEqualTo(new NotificationChoices.Offer(false, false));
  }

  @Test
  void refusesByNameWhatThisServerDoesNotDo() {
    NotificationChoices none = choices(NotificationSettings.NONE);
    assertThat(refused(none, ADA, true, "")).isEqualTo("notify.mail: this server sends no mail");
    assertThat(refused(none, ADA, false, "https://example.com/hook"))
        .isEqualTo("notify.webhook: this server calls no webhooks");
    NotificationChoices all = choices(new NotificationSettings(true, true, Optional.of(MAIL)));
    assertThat(refused(all, GUEST, true, "")).startsWith("notify: guests");
    assertThat(refused(all, GUEST, false, "https://example.com/hook")).startsWith("notify: guests");
    check(all, ADA, true, "https://example.com/hook");
  }

  @Test
  void refusesAddressesThatAreNotCalled() {
    NotificationChoices strict = choices(new NotificationSettings(true, false, Optional.empty()));
    for (String webhook :
        List.of(
            "http://example.com/",
            "https://intranet/",
            "https://nowhere/",
            "https://me:secret@example.com/",
            "https://example.com/#there",
            "ftp://example.com/",
            "https:///hook",
            "no address")) {
      assertThat(refused(strict, ADA, false, webhook)).as(webhook).startsWith("notify.webhook: ");
    }
    NotificationChoices lax = choices(new NotificationSettings(true, true, Optional.empty()));
    check(lax, ADA, false, "http://intranet/");
  }

  @Test
  void whatWasChosenBeforeStays() {
    User before = Told.user(false, true, "https://gone/");
    check(choices(NotificationSettings.NONE), before, true, "https://gone/");
  }

  @Test
  void anAddressHasASecretOfItsOwnThatIsToldOnce() {
    NotificationChoices choices = choices(new NotificationSettings(true, true, Optional.empty()));
    User here = Told.user(false, false, "https://example.com/a");
    Optional<String> first = choices.secret(here);
    assertThat(first).isPresent();
    assertThat(choices.secret(here)).isEmpty();
    assertThat(secrets.find("usr_1", "https://example.com/a")).isEqualTo(first);
    assertThat(secrets.find("usr_1", "https://example.com/b")).isEmpty();
    choices.secret(Told.user(false, false, ""));
    assertThat(choices.secret(here)).isPresent().isNotEqualTo(first);
  }

  private static void check(NotificationChoices choices, User user, boolean mail, String webhook) {
    choices.check(
        user, new Notifications(mail, Optional.of(webhook).filter(url -> !url.isEmpty())));
  }

  private static String refused(
      NotificationChoices choices, User user, boolean mail, String webhook) {
    String[] message = {""};
    assertThatExceptionOfType(ParleyException.class)
        .as(webhook)
        .isThrownBy(() -> check(choices, user, mail, webhook))
        .satisfies(
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
              message[0] = String.valueOf(e.getMessage());
            });
    return message[0];
  }
}
