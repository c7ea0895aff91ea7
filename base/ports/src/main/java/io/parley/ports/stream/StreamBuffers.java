package io.parley.ports.stream;

import java.time.Duration;
import java.util.Optional;

/**
 * Streams by name: one writer adds pieces, any number of readers follow from any offset.
 * Thread-safe.
 *
 * <p><b>Order.</b> A stream has no holes: a piece is taken only where the last one ended. One
 * stream has one writer. What {@link #append} has returned from is seen by every later {@link
 * #read}.
 *
 * <p><b>Absence.</b> A stream that was never begun, was removed or is past its time is not there;
 * nobody can tell which. A store may lose whole streams when what is behind it restarts, and the
 * latest pieces of a stream, but never one from the middle.
 *
 * <p><b>Durability.</b> The death of the process that writes loses nothing of what it appended.
 * When what is behind the store dies, the last second may be lost.
 *
 * <p><b>Time-outs.</b> After TIMEOUT a change may have happened, or may happen yet. Repeating it is
 * harmless: a piece that is there already is not added again.
 */
public interface StreamBuffers {
  /** Characters of a stream's name. */
  int MAX_NAME_CHARS = 200;

  /**
   * Adds a piece; the first one of a stream, from 0, begins it. Does not wait for a disk.
   *
   * @param ttl how long the stream is kept from now on if nothing more comes
   * @throws io.parley.common.ParleyException CONFLICT if it begins behind the end of the stream, or
   *     the stream has ended before; OVERLOADED if there is no room; TIMEOUT if the outcome is
   *     unknown
   */
  void append(String stream, Piece piece, Duration ttl);

  /**
   * Says that no more comes, and begins the stream if it is not there.
   *
   * @param ttl how long it is kept from now on
   */
  void end(String stream, Duration ttl);

  /**
   * What is there from an offset on; whatever lies before it is left out by whole pieces. Empty if
   * there is no such stream. An offset behind the stream's end finds no pieces.
   *
   * @param maxBytes no more pieces are added when there are as many; at least one is given if there
   *     is one
   */
  Optional<Reading> read(String stream, long from, int maxBytes);

  /**
   * Has somebody woken when there may be news, until the subscription is closed. A hint, at least
   * one after the last change: whoever is woken reads. The stream need not be there yet. Does not
   * block.
   *
   * @param wake must return at once; any thread may call it
   */
  Subscription subscribe(String stream, Runnable wake);

  /** Removes a stream now. */
  void remove(String stream);

  /** Ends when closed; closing it again does nothing. Does not block. */
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
