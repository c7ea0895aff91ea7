package io.parley.chat.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.chat.conversations.Message;
import io.parley.testkit.VirtualTime;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MailsTest {
  private static final Notification ENDED = Told.of(Channel.MAIL, Message.Status.COMPLETE);
  private SmtpStub server;

  @BeforeEach
  void start() throws IOException {
    server = new SmtpStub();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private Carrier.Result carry(boolean startTls, Optional<MailSettings.Login> login) {
    MailSettings settings =
        new MailSettings(
            "127.0.0.1",
            server.port(),
            "Parley <parley@example.org>",
            login,
            startTls,
            "https://chat.example.org");
    return new Mails(settings, new VirtualTime()).carry(ENDED, Told.user(false, true, ""));
  }

  @Test
  void sendsALinkAndNoWordOfTheConversation() {
    assertThat(carry(false, Optional.empty())).isEqualTo(Carrier.Result.DELIVERED);
    assertThat(server.mails()).hasSize(1);
    assertThat(server.mails().getFirst())
        .contains("From: Parley <parley@example.org>\n")
        .contains("To: ada@example.com\n")
        .contains("Subject: Your answer is there\n")
        .contains("Message-ID: <ntf_1@example.org>\n")
        .contains("Date: Thu, 1 Jan 2026")
        .contains("\nhttps://chat.example.org/c/conv_1\n");
    assertThat(server.commands()).noneMatch(command -> command.startsWith("AUTH"));
  }

  @Test
  void logsInIfItHasALogin() {
    assertThat(carry(false, Optional.of(new MailSettings.Login("parley", "secret"))))
        .isEqualTo(Carrier.Result.DELIVERED);
    assertThat(server.commands()).anyMatch(command -> command.startsWith("AUTH PLAIN"));
  }

  @Test
  void sendsNothingInTheClearIfTlsIsAskedFor() {
    assertThat(carry(true, Optional.of(new MailSettings.Login("parley", "secret"))))
        .isEqualTo(Carrier.Result.LATER);
    assertThat(server.commands()).noneMatch(command -> command.startsWith("AUTH"));
    assertThat(server.mails()).isEmpty();
  }

  @Test
  void aRefusalIsTriedAgainLater() {
    server.refuse();
    assertThat(carry(false, Optional.empty())).isEqualTo(Carrier.Result.LATER);
    assertThat(server.mails()).isEmpty();
  }
}
