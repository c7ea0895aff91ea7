package io.parley.chat.notifications;

import io.parley.chat.conversations.Message.Status;
import io.parley.chat.users.User;
import io.parley.common.TimeSource;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Date;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends mails by SMTP, a connection for each. A mail has a link, and no word of the conversation:
 * mails lie about unencrypted. Its {@code Message-ID} is the notification's, so that most mailboxes
 * show a repetition once. Thread-safe; blocks.
 */
final class Mails implements Carrier {
  private static final Logger log = LoggerFactory.getLogger(Mails.class);
  private static final Duration STEP_LIMIT = Duration.ofSeconds(10);

  private final MailSettings settings;
  private final TimeSource time;
  private final Session session;

  Mails(MailSettings settings, TimeSource time) {
    this.settings = settings;
    this.time = time;
    this.session = Session.getInstance(properties(settings));
  }

  private static Properties properties(MailSettings settings) {
    String limitMs = Long.toString(STEP_LIMIT.toMillis());
    String tls = Boolean.toString(settings.startTls());
    Properties properties = new Properties();
    properties.setProperty("mail.transport.protocol", "smtp");
    properties.setProperty("mail.smtp.host", settings.host());
    properties.setProperty("mail.smtp.port", Integer.toString(settings.port()));
    properties.setProperty("mail.smtp.auth", Boolean.toString(settings.login().isPresent()));
    properties.setProperty("mail.smtp.starttls.enable", tls);
    properties.setProperty("mail.smtp.starttls.required", tls);
    properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
    properties.setProperty("mail.smtp.connectiontimeout", limitMs);
    properties.setProperty("mail.smtp.timeout", limitMs);
    properties.setProperty("mail.smtp.writetimeout", limitMs);
    return properties;
  }

  /** A mail that keeps the id that it was given. */
  private static final class IdentifiedMail extends MimeMessage {
    private final String id;

    IdentifiedMail(Session session, String id) {
      super(session);
      this.id = id;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", id);
    }
  }

  @Override
  public Result carry(Notification notification, User user) {
    try {
      MimeMessage mail = mail(notification, user.email().orElseThrow());
      String name = settings.login().map(MailSettings.Login::user).orElse(null);
      String password = settings.login().map(MailSettings.Login::password).orElse(null);
      Transport.send(mail, name, password);
      return Result.DELIVERED;
    } catch (MessagingException e) {
      // Its message may have the address.
      log.info(
          "notification {} could not be mailed: {}",
          notification.id(),
          e.getClass().getSimpleName());
      return Result.LATER;
    }
  }

  private MimeMessage mail(Notification notification, String to) throws MessagingException {
    InternetAddress from = new InternetAddress(settings.from(), true);
    String host = settings.from().substring(settings.from().lastIndexOf('@') + 1);
    MimeMessage mail =
        new IdentifiedMail(session, "<%s@%s>".formatted(notification.id(), host.replace(">", "")));
    mail.setFrom(from);
    mail.setRecipient(RecipientType.TO, new InternetAddress(to, true));
    mail.setSubject(subject(notification.status()), StandardCharsets.UTF_8.name());
    mail.setSentDate(Date.from(time.now()));
    mail.setHeader("Auto-Submitted", "auto-generated");
    mail.setText(text(notification), StandardCharsets.UTF_8.name());
    return mail;
  }

  private static String subject(Status status) {
    return switch (status) {
      case PARTIAL -> "Your answer broke off";
      case FAILED -> "Your answer could not be written";
      default -> "Your answer is there";
    };
  }

  private String text(Notification notification) {
    return """
        %s:

        %s/c/%s

        You get this mail because nobody was looking when it ended. You can choose otherwise in the
        settings there.
        """
        .formatted(
            subject(notification.status()), settings.publicUrl(), notification.conversationId());
  }
}
