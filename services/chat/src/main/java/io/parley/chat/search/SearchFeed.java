package io.parley.chat.search;

import io.parley.chat.sync.ChatEvent;
import io.parley.chat.sync.UserEvents;
import io.parley.common.TimeSource;
import io.parley.ports.log.EventLog;
import io.parley.ports.log.LogRecord;
import io.parley.ports.log.PositionGoneException;
import io.parley.ports.search.SearchIndex;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the events of chat into the index, on a thread of its own, as they come.
 *
 * <p>How far it has come is committed with the index itself, a position for each partition of the
 * log; so the two never disagree, and after a crash the feed goes on from there. If those events
 * are no longer kept, or there is no index yet, it is built anew from the conversations.
 *
 * <p>An event that cannot be applied is logged and left out: one conversation that is damaged must
 * not keep all others from being found.
 */
public final class SearchFeed implements AutoCloseable {
  /** How long what was indexed may be lost in a crash, and is then read again. */
  static final Duration COMMIT_EVERY = Duration.ofMinutes(1);

  /** How long a wake-up may be missed. */
  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

  private static final int PAGE = 500;
  private static final Logger log = LoggerFactory.getLogger(SearchFeed.class);

  private final EventLog events;
  private final SearchIndex index;
  private final SearchUpdates updates;
  private final TimeSource time;
  private final Semaphore wakes = new Semaphore(0);
  private final Thread thread;
  private volatile boolean closed;

  // Owned by the thread once it runs.
  private long[] positions = {};
  private boolean uncommitted;
  private long committedNanos;
  private long entries;

  /** A feed that does nothing until it is started. */
  public SearchFeed(EventLog events, SearchIndex index, SearchUpdates updates, TimeSource time) {
    this.events = events;
    this.index = index;
    this.updates = updates;
    this.time = time;
    this.thread = Thread.ofVirtual().name("search-feed").unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  private void run() {
    EventLog.Subscription news = events.subscribe(UserEvents.TOPIC, wakes::release);
    try {
      while (!closed) {
        step();
        if (wakes.tryAcquire(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
          wakes.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      news.close();
    }
  }

  /** What fails as a whole, such as a full disk, is tried again with the next look. */
  private void step() {
    try {
      catchUp();
      if (uncommitted && time.nanoTime() - committedNanos >= COMMIT_EVERY.toNanos()) {
        commit();
      }
    } catch (RuntimeException e) {
      log.error("the search index could not be brought up to date", e);
    }
  }

  /** Applies all events that are there. Called by the thread, or by tests in its place. */
  void catchUp() {
    if (positions.length == 0) {
      positions = begin();
      committedNanos = time.nanoTime();
    }
    try {
      for (int partition = 0; partition < positions.length; partition++) {
        catchUp(partition);
      }
    } catch (PositionGoneException e) {
      log.warn("the search index is too old to be brought up to date; it is built anew", e);
      positions = rebuild();
    }
  }

  private long[] begin() {
    int partitions = events.partitions(UserEvents.TOPIC);
    return index.checkpoint().flatMap(text -> parse(text, partitions)).orElseGet(this::rebuild);
  }

  private void catchUp(int partition) {
    List<LogRecord> page;
    do {
      page = events.read(UserEvents.TOPIC, partition, positions[partition], PAGE);
      for (LogRecord record : page) {
        apply(record);
        positions[partition] = record.position();
        uncommitted = true;
      }
    } while (!page.isEmpty() && !closed);
  }

  private void apply(LogRecord record) {
    String user = record.key();
    try {
      switch (ChatEvent.decode(record.event())) {
        case ChatEvent.ConversationChanged(String conversation) ->
            updates.titleChanged(user, conversation);
        case ChatEvent.MessageChanged(String conversation, String message) ->
            updates.messageChanged(user, conversation, message);
        case ChatEvent.ConversationDeleted(String conversation) ->
            updates.conversationRemoved(user, conversation);
        case ChatEvent.MessageRead read -> {}
      }
    } catch (RuntimeException e) {
      log.error("an event of chat was left out of the search index", e);
    }
  }

  /**
   * Builds the index anew, in place of a feed that has not been started.
   *
   * @return how many entries it has then
   */
  public long rebuildNow() {
    rebuild();
    return entries;
  }

  /** Positions first: what comes while the conversations are read is applied again after. */
  private long[] rebuild() {
    long[] ends = new long[events.partitions(UserEvents.TOPIC)];
    Arrays.setAll(ends, partition -> events.end(UserEvents.TOPIC, partition));
    entries = updates.rebuild();
    log.info("the search index was built with {} entries", entries);
    positions = ends;
    commit();
    return ends;
  }

  private void commit() {
    index.commit(
        Arrays.stream(positions).mapToObj(Long::toString).collect(Collectors.joining(",")));
    uncommitted = false;
    committedNanos = time.nanoTime();
  }

  private static Optional<long[]> parse(String checkpoint, int partitions) {
    long[] positions =
        Arrays.stream(checkpoint.split(",", -1)).mapToLong(Long::parseLong).toArray();
    return positions.length == partitions ? Optional.of(positions) : Optional.empty();
  }

  /** Stops, and commits what has been applied. The index stays open. */
  @Override
  public void close() {
    closed = true;
    wakes.release();
    try {
      thread.join();
      if (uncommitted) {
        commit();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
