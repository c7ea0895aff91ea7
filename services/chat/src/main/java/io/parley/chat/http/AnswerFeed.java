package io.parley.chat.http;

import io.parley.chat.answers.AnswerTexts;
import io.parley.chat.answers.AnswerTexts.Part;
import io.parley.chat.conversations.Message;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everybody who watches one answer. Those who are at the same place, which is nearly all of them,
 * get the same bytes: the text is read and encoded once, however many they are. Rounds run one at a
 * time, on a thread that may block, and text that comes during a round goes into the next one
 * together. Thread-safe.
 */
final class AnswerFeed {
  private static final Logger log = LoggerFactory.getLogger(AnswerFeed.class);

  private final Source source;
  private final AnswerTexts texts;
  private final Executor threads;
  private final int maxDeltaBytes;
  private final Map<SseStream, Watcher> watchers = new ConcurrentHashMap<>();
  private final AtomicInteger wishes = new AtomicInteger();

  /**
   * What is watched.
   *
   * @param stream the stream with its text
   * @param message the answer as it is now; empty if its conversation is gone
   */
  record Source(
      String userId, String messageId, String stream, Supplier<Optional<Message>> message) {}

  /** One who watches; belongs to the rounds. */
  private static final class Watcher {
    final SseStream stream;
    long position;

    Watcher(SseStream stream, long position) {
      this.stream = stream;
      this.position = position;
    }
  }

  AnswerFeed(Source source, AnswerTexts texts, Executor threads, int maxDeltaBytes) {
    this.source = source;
    this.texts = texts;
    this.threads = threads;
    this.maxDeltaBytes = maxDeltaBytes;
  }

  /** Adds one who has the text up to a position. */
  void add(SseStream stream, long position) {
    watchers.put(stream, new Watcher(stream, position));
    stream.whenReady(this::wake);
    wake();
  }

  void remove(SseStream stream) {
    watchers.remove(stream);
  }

  boolean isEmpty() {
    return watchers.isEmpty();
  }

  /** Has a round made soon. */
  void wake() {
    if (wishes.getAndIncrement() == 0) {
      try {
        threads.execute(this::rounds);
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
        boolean more = true;
        while (more) {
          more = round();
        }
      } catch (RuntimeException e) {
        log.error("answer {} cannot be followed", source.messageId(), e);
        watchers.values().forEach(this::gap);
      }
    } while (wishes.addAndGet(-granted) > 0);
  }

  /** Brings everybody who takes something a step further; whether some have another to go. */
  private boolean round() {
    Map<Long, List<Watcher>> byPosition = new LinkedHashMap<>();
    for (Watcher watcher : watchers.values()) {
      if (!watcher.stream.isBlocked() && !watcher.stream.isClosed()) {
        byPosition.computeIfAbsent(watcher.position, at -> new ArrayList<>()).add(watcher);
      }
    }
    boolean more = false;
    for (Map.Entry<Long, List<Watcher>> group : byPosition.entrySet()) {
      more |= advance(group.getKey(), group.getValue());
    }
    return more;
  }

  private boolean advance(long position, List<Watcher> group) {
    Optional<Part> found = texts.read(source.userId(), source.stream(), position, maxDeltaBytes);
    if (found.isEmpty()) {
      withoutStream(position, group);
      return false;
    }
    Part part = found.get();
    if (part.length() < position) {
      group.forEach(this::gap);
      return false;
    }
    if (!part.text().isEmpty()) {
      Buffer delta = SseEvents.delta(source.messageId(), part.to(), part.text());
      group.forEach(watcher -> step(watcher, part.to(), delta));
    }
    if (part.end()) {
      finish(part.to(), group);
      return false;
    }
    return part.to() < part.length();
  }

  private static void step(Watcher watcher, long to, Buffer delta) {
    watcher.position = to;
    watcher.stream.send(delta);
  }

  /** There is none yet, or none any more; then what is stored answers. */
  private void withoutStream(long position, List<Watcher> group) {
    Optional<Message> message = source.message().get();
    if (message.isPresent() && message.get().status() == Message.Status.STREAMING) {
      if (position > 0) {
        group.forEach(this::gap);
      }
      return;
    }
    group.forEach(watcher -> fromStored(watcher, message, position));
  }

  private void fromStored(Watcher watcher, Optional<Message> message, long position) {
    watchers.remove(watcher.stream);
    watcher.stream.finish(message.map(stored -> rest(stored, position)).orElseGet(SseEvents::gap));
  }

  /** All that is left of an answer that has ended: its text from a position on, and its end. */
  static Buffer rest(Message message, long position) {
    String text = message.text();
    if (position > text.length()) {
      return SseEvents.gap();
    }
    Buffer events = Buffer.buffer();
    if (position < text.length()) {
      events.appendBuffer(
          SseEvents.delta(message.id(), text.length(), text.substring((int) position)));
    }
    return events.appendBuffer(end(message, text.length()));
  }

  private static Buffer end(Message message, long length) {
    return SseEvents.event("message", message.id() + ":" + length, message);
  }

  /** The stream ends when the message is stored; if it could not be, there is no end to tell. */
  private void finish(long length, List<Watcher> group) {
    Buffer last =
        source
            .message()
            .get()
            .filter(message -> message.status() != Message.Status.STREAMING)
            .map(message -> end(message, length))
            .orElseGet(SseEvents::gap);
    for (Watcher watcher : group) {
      watchers.remove(watcher.stream);
      watcher.stream.finish(last);
    }
  }

  private void gap(Watcher watcher) {
    watchers.remove(watcher.stream);
    watcher.stream.finish(SseEvents.gap());
  }
}
