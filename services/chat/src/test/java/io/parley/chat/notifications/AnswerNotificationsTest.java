package io.parley.chat.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.chat.BodyCipher;
import io.parley.chat.ChatLimits;
import io.parley.chat.ChatUser;
import io.parley.chat.Inline;
import io.parley.chat.conversations.ConversationStore;
import io.parley.chat.conversations.Message;
import io.parley.chat.conversations.Message.Status;
import io.parley.chat.sync.UserEvents;
import io.parley.chat.users.AccountSettings;
import io.parley.chat.users.Accounts;
import io.parley.chat.users.Notifications;
import io.parley.chat.users.Organisation;
import io.parley.chat.users.PasswordCost;
import io.parley.chat.users.PasswordHasher;
import io.parley.chat.users.SignedIn;
import io.parley.chat.users.UserChange;
import io.parley.chat.users.UserErasures;
import io.parley.common.Ulid;
import io.parley.embedded.SqliteDatabase;
import io.parley.embedded.rocks.RocksStores;
import io.parley.ports.data.Database;
import io.parley.testkit.VirtualTime;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswerNotificationsTest {
  private static final String CONVERSATION = "conv_01ARZ3NDEKTSV4RRFFQ69G5FAV";

  @TempDir Path directory;
  private final VirtualTime time = new VirtualTime();
  private final SecureRandom random = new SecureRandom();
  private final List<Notification> carried = new ArrayList<>();
  private Database database;
  private RocksStores stores;
  private PasswordHasher passwords;
  private Accounts accounts;
  private ConversationStore conversations;
  private SignedIn ada;
  private Duration sinceWatched = Duration.ofDays(1);
  private Carrier.Result result = Carrier.Result.DELIVERED;
  private AnswerNotifications notifications;

  @BeforeEach
  void start() {
    database = SqliteDatabase.open(directory.resolve("test.db"), 1);
    stores = RocksStores.open(directory.resolve("stores"), time);
    passwords = new PasswordHasher(new PasswordCost(64, 1, 1), random, 1);
    Organisation home = new Organisation("org_1", "Home");
    accounts = new Accounts(database, time, random, home, AccountSettings.DEFAULTS, passwords);
    UserEvents events =
        new UserEvents(database, stores.eventLog(), new Ulid(time, random), new Inline());
    conversations =
        new ConversationStore(database, events, BodyCipher.PLAIN, time, ChatLimits.DEFAULTS);
    ada = accounts.signUp("ada@example.com", "Ada", "correct horse", Optional.empty(), "here");
    conversations.create(owner(), new ConversationStore.Fresh(CONVERSATION, null, null, null));
    choose(true, "https://example.com/hook");
    notifications = server();
  }

  private AnswerNotifications server() {
    Carrier carrier =
        (notification, user) -> {
          carried.add(notification);
          return result;
        };
    return new AnswerNotifications(
        new AnswerNotifications.Parts(
            database,
            accounts,
            new WebhookSecrets(database, BodyCipher.PLAIN, random),
            conversations,
            (user, within) -> sinceWatched.isZero() || sinceWatched.compareTo(within) < 0,
            time,
            random,
            new Inline()),
        Map.of(Channel.MAIL, carrier, Channel.WEBHOOK, carrier));
  }

  @AfterEach
  void stop() {
    passwords.close();
    stores.close();
    database.close();
  }

  private ChatUser owner() {
    return new ChatUser("org_1", ada.user().id(), false);
  }

  private void choose(boolean mail, String webhook) {
    Optional<String> url = Optional.of(webhook).filter(given -> !given.isEmpty());
    accounts.change(
        ada.user(),
        ada.session(),
        new UserChange(
            Optional.empty(), Optional.empty(), Optional.of(new Notifications(mail, url))));
  }

  private void end(Status status) {
    notifications.ended(
        owner(),
        new Message(
            "cmsg_1",
            CONVERSATION,
            null,
            Message.Role.ASSISTANT,
            List.of(),
            "fake",
            status,
            null,
            null,
            null,
            time.now(),
            null,
            false));
  }

  private void deliverAfter(Duration wait) {
    time.advance(wait);
    notifications.deliver();
  }

  private List<String> outcomes() {
    return database.read(
        handle ->
            handle
                .createQuery(
                    "SELECT COALESCE(outcome, 'waiting') FROM chat_notifications ORDER BY id")
                .mapTo(String.class)
                .list());
  }

  @Test
  void tellsOnceByEachChosenWayWhenNobodyWatched() {
    end(Status.COMPLETE);
    deliverAfter(Duration.ofSeconds(29));
    assertThat(carried).isEmpty();
    deliverAfter(Duration.ofSeconds(1));
    assertThat(carried)
        .extracting(Notification::channel)
        .containsExactlyInAnyOrder(Channel.MAIL, Channel.WEBHOOK);
    assertThat(carried).allMatch(told -> told.status() == Status.COMPLETE);
    deliverAfter(Duration.ofDays(1));
    assertThat(carried).hasSize(2);
    assertThat(outcomes()).containsExactly("sent", "sent");
  }

  @Test
  void tellsOfWhatBrokeAndNotOfWhatWasStopped() {
    end(Status.STOPPED);
    assertThat(outcomes()).isEmpty();
    choose(true, "");
    end(Status.PARTIAL);
    end(Status.FAILED);
    deliverAfter(NotificationLimits.UNWATCHED);
    assertThat(carried)
        .extracting(Notification::status)
        .containsExactlyInAnyOrder(Status.PARTIAL, Status.FAILED);
  }

  @Test
  void whoWatchesIsNotTold() {
    sinceWatched = Duration.ZERO;
    end(Status.COMPLETE);
    assertThat(outcomes()).isEmpty();
  }

  @Test
  void whoLookedSinceTheEndIsNotTold() {
    end(Status.COMPLETE);
    sinceWatched = Duration.ofSeconds(20);
    deliverAfter(NotificationLimits.UNWATCHED);
    assertThat(carried).isEmpty();
    assertThat(outcomes()).containsExactly("dropped", "dropped");
  }

  @Test
  void whoChangedHisMindOrDeletedTheConversationIsNotTold() {
    end(Status.COMPLETE);
    choose(true, "");
    deliverAfter(NotificationLimits.UNWATCHED);
    assertThat(carried).extracting(Notification::channel).containsExactly(Channel.MAIL);
    end(Status.COMPLETE);
    conversations.delete(owner(), CONVERSATION, 1);
    deliverAfter(NotificationLimits.UNWATCHED);
    assertThat(carried).hasSize(1);
  }

  @Test
  void whatCannotBeDeliveredIsTriedAgainUnderTheSameIdUntilItHasFailed() {
    choose(true, "");
    result = Carrier.Result.LATER;
    end(Status.COMPLETE);
    deliverAfter(NotificationLimits.UNWATCHED);
    deliverAfter(Duration.ofSeconds(59));
    assertThat(carried).hasSize(1);
    for (int i = 0; i < 20; i++) {
      deliverAfter(Duration.ofHours(12));
    }
    assertThat(carried).hasSize(NotificationLimits.MAX_ATTEMPTS);
    assertThat(carried).extracting(Notification::id).containsOnly(carried.getFirst().id());
    assertThat(outcomes()).containsExactly("failed");
  }

  @Test
  void twoServersDoNotSendTheSame() {
    NotificationQueue one = new NotificationQueue(database, time);
    NotificationQueue other = new NotificationQueue(database, time);
    end(Status.COMPLETE);
    time.advance(NotificationLimits.UNWATCHED);
    assertThat(one.claim(10)).hasSize(2);
    assertThat(other.claim(10)).isEmpty();
  }

  @Test
  void whatAServerTookWithItIsSentByAnotherAndOnlyTheLaterResultCounts() {
    choose(true, "");
    NotificationQueue dying = new NotificationQueue(database, time);
    NotificationQueue other = new NotificationQueue(database, time);
    end(Status.COMPLETE);
    time.advance(NotificationLimits.UNWATCHED);
    Notification lost = dying.claim(10).getFirst();
    time.advance(NotificationLimits.CLAIMED);
    Notification again = other.claim(10).getFirst();
    assertThat(again.id()).isEqualTo(lost.id());
    dying.settle(lost, Outcome.FAILED);
    assertThat(outcomes()).containsExactly("waiting");
    other.settle(again, Outcome.SENT);
    assertThat(outcomes()).containsExactly("sent");
  }

  @Test
  void ofMoreAnswersThanTheLimitOfAnHourNobodyIsTold() {
    choose(true, "");
    for (int i = 0; i < NotificationLimits.MAX_OF_USER_PER_HOUR + 5; i++) {
      end(Status.COMPLETE);
    }
    assertThat(outcomes()).hasSize(NotificationLimits.MAX_OF_USER_PER_HOUR);
    time.advance(Duration.ofHours(1));
    end(Status.COMPLETE);
    assertThat(outcomes()).hasSize(NotificationLimits.MAX_OF_USER_PER_HOUR + 1);
  }

  @Test
  void rowsGoAfterSevenDaysAndWithTheAccount() {
    end(Status.COMPLETE);
    time.advance(NotificationLimits.KEPT.plusMillis(1));
    end(Status.COMPLETE);
    notifications.upkeep();
    assertThat(outcomes()).hasSize(2);
    new UserErasures(database, time).request(ada.user().id());
    assertThat(outcomes()).isEmpty();
  }
}
