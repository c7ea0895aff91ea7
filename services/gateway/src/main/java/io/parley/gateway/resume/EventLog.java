package io.parley.gateway.resume;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The events of one answer as they go over the wire: one writer appends, any number of cursors
 * read.
 *
 * <p>It holds everything from the first event on, up to a limit; then it lets go of the oldest, but
 * never of what a cursor has still to read. So a reader that is there sees every event once, and
 * one that comes back sees either all that it missed or a refusal: never a gap, never a repeat. How
 * far a reader may fall behind is for its owner to limit ({@link Cursor#waitingBytes}).
 *
 * <p>Thread-safe; a cursor belongs to one thread at a time.
 */
public final class EventLog {
  private final LogBudget budget;
  private final int maxKeptBytes;
  private final List<byte[]> kept = new ArrayList<>(4);
  private final List<Cursor> cursors = new ArrayList<>(1);
  private int droppedEvents;
  private long droppedBytes;
  private long keptBytes;
  private boolean ended;
  private boolean forgotten;

  /**
   * @param budget what all logs share; without room there, this one keeps only what its cursors
   *     have still to read
   * @param maxKeptBytes what this one keeps beyond that
   */
  public EventLog(LogBudget budget, int maxKeptBytes) {
    this.budget = budget;
    this.maxKeptBytes = maxKeptBytes;
  }

  /** A log of an answer that ended before; it counts for no budget. */
  public static EventLog ended(List<byte[]> events) {
    EventLog log = new EventLog(new LogBudget(Long.MAX_VALUE, () -> false), Integer.MAX_VALUE);
    log.append(events);
    log.end();
    return log;
  }

  /** Adds events; cursors see all of them at once. */
  public void append(List<byte[]> events) {
    long bytes = events.stream().mapToLong(event -> event.length).sum();
    boolean room = budget.take(bytes);
    synchronized (this) {
      if (ended) {
        throw new IllegalStateException("nothing comes after the end");
      }
      kept.addAll(events);
      keptBytes += bytes;
      drop(room ? maxKeptBytes : 0);
    }
  }

  /** Nothing more will come. */
  public synchronized void end() {
    ended = true;
  }

  public synchronized boolean isEnded() {
    return ended;
  }

  /** How many events were written so far. */
  public synchronized int size() {
    return droppedEvents + kept.size();
  }

  /** All events in one piece; empty if the first of them are gone. */
  public synchronized Optional<byte[]> whole() {
    return droppedEvents > 0
        ? Optional.empty()
        : Optional.of(joined(0, kept.size(), Math.toIntExact(keptBytes)));
  }

  /**
   * Reads from a position on.
   *
   * @param after how many events the reader has got already
   * @throws ParleyException INVALID_REQUEST if there are not so many, NOT_FOUND if the next one is
   *     no longer kept
   */
  public synchronized Cursor open(int after) {
    if (after > size()) {
      throw ParleyException.invalid(
          "%s: the answer has no event %d; its last one is %d"
              .formatted(EventId.HEADER, after, size()));
    }
    if (after < droppedEvents) {
      throw new ParleyException(
          ErrorCode.NOT_FOUND,
          "%s: the answer is too long to be kept whole; the first event after which it can be"
                  .formatted(EventId.HEADER)
              + " read is now "
              + droppedEvents);
    }
    long at = droppedBytes;
    for (byte[] event : kept.subList(0, after - droppedEvents)) {
      at += event.length;
    }
    Cursor cursor = new Cursor(after, at);
    cursors.add(cursor);
    return cursor;
  }

  /** Gives its share of the budget back; who reads already may read on, nobody else will. */
  public synchronized void forget() {
    if (!forgotten) {
      forgotten = true;
      budget.giveBack(keptBytes);
    }
  }

  /** Lets go of the oldest events, down to that many bytes, as far as no cursor needs them. */
  private void drop(int maxBytes) {
    int needed = cursors.stream().mapToInt(cursor -> cursor.next).min().orElse(Integer.MAX_VALUE);
    int count = 0;
    long freed = 0;
    while (keptBytes - freed > maxBytes && droppedEvents + count < Math.min(needed, size())) {
      freed += kept.get(count++).length;
    }
    if (count > 0) {
      kept.subList(0, count).clear();
      droppedEvents += count;
      droppedBytes += freed;
      keptBytes -= freed;
      budget.giveBack(freed);
    }
  }

  private byte[] joined(int from, int to, int bytes) {
    if (to - from == 1) {
      return kept.get(from);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes);
    kept.subList(from, to).forEach(out::writeBytes);
    return out.toByteArray();
  }

  /** A reader's place in the log. */
  public final class Cursor implements AutoCloseable {
    private int next;
    private long atBytes;

    private Cursor(int next, long atBytes) {
      this.next = next;
      this.atBytes = atBytes;
    }

    /** How many events were read. */
    public int position() {
      return next;
    }

    /** What was written and not read, in bytes. */
    public long waitingBytes() {
      synchronized (EventLog.this) {
        return droppedBytes + keptBytes - atBytes;
      }
    }

    /** Whether everything was read, and nothing more will come. */
    public boolean isAtEnd() {
      synchronized (EventLog.this) {
        return ended && next == size();
      }
    }

    /**
     * The next events in one piece, at least one if there is one, otherwise nothing. The array must
     * not be changed.
     *
     * @param maxBytes more than one only as far as they fit into this
     */
    public byte[] read(int maxBytes) {
      synchronized (EventLog.this) {
        int from = next - droppedEvents;
        int to = from;
        int bytes = 0;
        while (to < kept.size() && (to == from || bytes + kept.get(to).length <= maxBytes)) {
          bytes += kept.get(to++).length;
        }
        next += to - from;
        atBytes += bytes;
        return joined(from, to, bytes);
      }
    }

    /** What was not read need not be kept for this reader. */
    @Override
    public void close() {
      synchronized (EventLog.this) {
        cursors.remove(this);
      }
    }
  }
}
