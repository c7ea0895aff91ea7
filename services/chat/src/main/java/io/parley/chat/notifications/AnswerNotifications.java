package io.parley.chat.notifications;

import io.parley.chat.ChatUser;
import io.parley.chat.answers.Answers;
import io.parley.chat.conversations.ConversationStore;
import io.parley.chat.conversations.Message;
import io.parley.chat.conversations.Message.Status;
import io.parley.chat.users.Accounts;
import io.parley.chat.users.Notifications;
import io.parley.chat.users.User;
import io.parley.common.TimeSource;
import io.parley.common.Ulid;
import io.parley.ports.data.Database;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people of answers that ended by themselves while nobody watched. Thread-safe; blocks. Is to
 * be told of ends, and {@link #deliver} and {@link #upkeep} are to be called now and then.
 *
 * <p>What is to be told waits for {@link NotificationLimits#UNWATCHED}: a page that is loaded again
 * is away for a moment, and who closed it just before the end wants to know.
 */
public final class AnswerNotifications implements Answers.EndListener {
  private static final Logger log = LoggerFactory.getLogger(AnswerNotifications.class);

  /** Who stopped an answer knows that it is over. */
  private static final Set<Status> TOLD =
      EnumSet.of(Status.COMPLETE, Status.PARTIAL, Status.FAILED);

  private final NotificationQueue queue;
  private final Accounts accounts;
  private final ConversationStore conversations;
  private final Watchers watchers;
  private final TimeSource time;
  private final Ulid ids;
  private final ExecutorService threads;
  private final Map<Channel, Carrier> carriers;
  private final AtomicInteger inFlight = new AtomicInteger();

  /**
   * What notifications need of the rest.
   *
   * @param random thread-safe
   * @param threads run what blocks, one thread for each task: virtual threads
   */
  public record Parts(
      Database database,
      Accounts accounts,
      WebhookSecrets secrets,
      ConversationStore conversations,
      Watchers watchers,
      TimeSource time,
      RandomGenerator random,
      ExecutorService threads) {}

  /** Notifications as the settings allow them. */
  public AnswerNotifications(NotificationSettings settings, Parts parts) {
    this(parts, carriers(settings, parts));
  }

  AnswerNotifications(Parts parts, Map<Channel, Carrier> carriers) {
    this.queue = new NotificationQueue(parts.database, parts.time);
    this.accounts = parts.accounts;
    this.conversations = parts.conversations;
    this.watchers = parts.watchers;
    this.time = parts.time;
    this.ids = new Ulid(parts.time, parts.random);
    this.threads = parts.threads;
    this.carriers = carriers;
  }

  private static Map<Channel, Carrier> carriers(NotificationSettings settings, Parts parts) {
    Map<Channel, Carrier> carriers = new EnumMap<>(Channel.class);
    settings.mail().ifPresent(mail -> carriers.put(Channel.MAIL, new Mails(mail, parts.time)));
    if (settings.webhooks()) {
      Destinations destinations =
          new Destinations(settings.allowPrivate(), InetAddress::getAllByName);
      SSLSocketFactory tls = (SSLSocketFactory) SSLSocketFactory.getDefault();
      PinnedTransport transport = new PinnedTransport(destinations, tls, parts.threads);
      carriers.put(
          Channel.WEBHOOK, new Webhooks(parts.secrets, transport, parts.time, parts.random));
    }
    return carriers;
  }

  // ---- An answer ends ---------------------------------------------------------------------------

  @Override
  public void ended(ChatUser owner, Message answer) {
    try {
      if (TOLD.contains(answer.status()) && !watchers.watched(owner.userId(), Duration.ZERO)) {
        accounts.find(owner.userId()).ifPresent(user -> keep(user, answer));
      }
    } catch (RuntimeException e) {
      log.warn("nobody will be told that answer {} ended", answer.id(), e);
    }
  }

  private void keep(User user, Message answer) {
    List<Notification> wanted = new ArrayList<>();
    carriers.keySet().stream()
        .filter(channel -> wants(user, channel))
        .forEach(channel -> wanted.add(notification(user, answer, channel)));
    if (!wanted.isEmpty() && !queue.add(wanted, NotificationLimits.UNWATCHED)) {
      log.warn("too many notifications: {} is not told of answer {}", user.id(), answer.id());
    }
  }

  private Notification notification(User user, Message answer, Channel channel) {
    return new Notification(
        "ntf_" + ids.next(),
        user.id(),
        answer.conversationId(),
        answer.id(),
        answer.status(),
        channel,
        Instant.ofEpochMilli(time.now().toEpochMilli()),
        0);
  }

  private static boolean wants(User user, Channel channel) {
    Notifications chosen = user.notifications();
    return switch (channel) {
      case MAIL -> chosen.mail() && user.email().isPresent();
      case WEBHOOK -> chosen.webhook().isPresent();
    };
  }

  // ---- Somebody is told -------------------------------------------------------------------------

  /** Begins to send what is due, as far as there is room. Returns soon. */
  public void deliver() {
    int room = NotificationLimits.MAX_IN_FLIGHT - inFlight.get();
    if (room > 0) {
      queue.claim(room).forEach(this::begin);
    }
  }

  private void begin(Notification claimed) {
    inFlight.incrementAndGet();
    try {
      threads.execute(() -> deliver(claimed));
    } catch (RejectedExecutionException e) {
      inFlight.decrementAndGet();
      log.debug("notification {} waits for the next start", claimed.id(), e);
    }
  }

  /** One whose attempt breaks off is claimed again when it is over. */
  private void deliver(Notification claimed) {
    try {
      attempt(claimed);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.warn("notification {} could not be delivered and is tried again", claimed.id(), e);
    } finally {
      inFlight.decrementAndGet();
    }
  }

  private void attempt(Notification claimed) throws InterruptedException {
    Optional<User> user = accounts.find(claimed.userId()).filter(found -> isWanted(claimed, found));
    Carrier carrier = carriers.get(claimed.channel());
    if (user.isEmpty() || carrier == null) {
      queue.settle(claimed, Outcome.DROPPED);
    } else if (claimed.attempts() > NotificationLimits.MAX_ATTEMPTS) {
      queue.settle(claimed, Outcome.FAILED); // all attempts ended with their processes
    } else {
      record(claimed, carrier.carry(claimed, user.get()));
    }
  }

  /** The first attempt asks who watched; a later one may repeat what has arrived, and just does. */
  private boolean isWanted(Notification claimed, User user) {
    boolean seen =
        claimed.attempts() == 1 && watchers.watched(user.id(), NotificationLimits.UNWATCHED);
    return !seen
        && wants(user, claimed.channel())
        && conversations.find(user.id(), claimed.conversationId()).isPresent();
  }

  private void record(Notification claimed, Carrier.Result result) {
    switch (result) {
      case DELIVERED -> queue.settle(claimed, Outcome.SENT);
      case NEVER -> queue.settle(claimed, Outcome.FAILED);
      case LATER -> {
        if (claimed.attempts() < NotificationLimits.MAX_ATTEMPTS) {
          queue.postpone(claimed, NotificationLimits.pauseAfter(claimed.attempts()));
        } else {
          queue.settle(claimed, Outcome.FAILED);
        }
      }
    }
  }

  /** Forgets what is past its time. */
  public void upkeep() {
    queue.forgetOld();
  }
}
