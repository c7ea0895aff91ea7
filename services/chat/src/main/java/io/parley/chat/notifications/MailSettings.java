package io.parley.chat.notifications;

import java.util.Optional;

/**
 * How mails are sent.
 *
 * @param host of the server that takes them, by SMTP
 * @param from the address that they come from
 * @param login for a server that wants to know who sends
 * @param startTls whether to insist on TLS, with a certificate that is the host's
 * @param publicUrl where people reach this server, without a slash at the end
 */
public record MailSettings(
    String host, int port, String from, Optional<Login> login, boolean startTls, String publicUrl) {
  /** Who sends. */
  public record Login(String user, String password) {
    /** Passwords stay out of logs. */
    @Override
    public String toString() {
      return "Login";
    }
  }
}
