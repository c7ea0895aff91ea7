package io.parley.chat.http;

import io.parley.chat.answers.History;
import io.parley.chat.conversations.Conversation;
import io.parley.chat.conversations.ConversationStore;
import io.parley.chat.sync.ChatEvent;
import io.parley.chat.sync.UserEvents;
import io.parley.ports.log.EventLog;
import io.parley.ports.log.LogRecord;
import io.parley.ports.log.PositionGoneException;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One device that follows its user's events. What has changed is looked up when the device is told
 * of it, so of several changes of the same thing that wait the last is told. Thread-safe; rounds
 * run one at a time, on a thread that may block.
 */
final class UserFeed {
  private static final Logger log = LoggerFactory.getLogger(UserFeed.class);

  /** Events of one round. */
  private static final int MOST = 100;

  private final String userId;
  private final SseStream stream;
  private final Parts parts;
  private final AtomicInteger wishes = new AtomicInteger();
  private long position; // belongs to the rounds

  /** What feeds have in common. */
  record Parts(
      UserEvents events, ConversationStore conversations, History history, Executor threads) {}

  private UserFeed(String userId, SseStream stream, Parts parts, long position) {
    this.userId = userId;
    this.stream = stream;
    this.parts = parts;
    this.position = position;
  }

  /**
   * Has a device follow from a position on, until it goes.
   *
   * @param from the last position that it knows; empty for one that begins
   */
  static void open(String userId, SseStream stream, Parts parts, Optional<Long> from) {
    long end = parts.events.end(userId);
    UserFeed feed = new UserFeed(userId, stream, parts, from.orElse(end));
    EventLog.Subscription subscription = parts.events.subscribe(userId, feed::wake);
    stream.whenReady(feed::wake);
    stream.whenOver(subscription::close);
    if (from.isEmpty()) {
      stream.send(SseEvents.event("ready", Long.toString(end), Map.of("position", end)));
    } else if (from.get() > end) {
      feed.reload(); // of a log that is not this one
    }
    feed.wake();
  }

  private void wake() {
    if (wishes.getAndIncrement() == 0) {
      try {
        parts.threads.execute(this::rounds);
      } catch (RejectedExecutionException e) {
        log.debug("the server is stopping", e);
      }
    }
  }

  private void rounds() {
    int granted;
    do {
      granted = wishes.get();
      try {
        while (!stream.isClosed() && !stream.isBlocked() && round()) {
          Thread.onSpinWait();
        }
      } catch (RuntimeException e) {
        log.error("events of {} cannot be followed", userId, e);
        stream.finish(Buffer.buffer());
      }
    } while (wishes.addAndGet(-granted) > 0);
  }

  /** Whether there may be more. */
  private boolean round() {
    List<LogRecord> records;
    try {
      records = parts.events.read(userId, position, MOST);
    } catch (PositionGoneException e) {
      reload();
      return true;
    }
    Map<ChatEvent, Long> latest = new LinkedHashMap<>();
    for (LogRecord record : records) {
      ChatEvent event = ChatEvent.decode(record.event());
      latest.remove(event); // told where it comes last
      latest.put(event, record.position());
      position = record.position();
    }
    Buffer events = Buffer.buffer();
    latest.forEach((event, at) -> tell(event, at).ifPresent(events::appendBuffer));
    if (events.length() > 0) {
      stream.send(events);
    }
    return records.size() == MOST;
  }

  private void reload() {
    position = parts.events.end(userId);
    stream.send(SseEvents.event("reload", Long.toString(position), Map.of()));
  }

  /** Nothing is told of what is gone by now; that it went comes later. */
  private Optional<Buffer> tell(ChatEvent event, long at) {
    String id = Long.toString(at);
    return switch (event) {
      case ChatEvent.ConversationChanged(String conversation) ->
          parts
              .conversations
              .find(userId, conversation)
              .map(found -> SseEvents.event("conversation", id, ConversationView.of(found)));
      case ChatEvent.MessageChanged(String conversation, String message) ->
          parts
              .conversations
              .find(userId, conversation)
              .flatMap(found -> message(id, found, message));
      case ChatEvent.ConversationDeleted(String conversation) ->
          Optional.of(SseEvents.event("deleted", id, Map.of("conversation_id", conversation)));
      case ChatEvent.MessageRead(String conversation, String message) ->
          Optional.of(
              SseEvents.event(
                  "read", id, Map.of("conversation_id", conversation, "message_id", message)));
    };
  }

  private Optional<Buffer> message(String id, Conversation conversation, String messageId) {
    return parts
        .history
        .find(conversation, messageId)
        .map(
            message ->
                SseEvents.event(
                    "message",
                    id,
                    Map.of("conversation_id", conversation.id(), "message", message)));
  }
}
