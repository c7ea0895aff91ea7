package io.parley.concurrent.queue;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A first-in-first-out queue with a capacity, on which producers wait for room and consumers for
 * elements, and which can be closed.
 *
 * <p><b>Invariants</b>, whenever the lock is free:
 *
 * <ol>
 *   <li>{@code 0 ≤ size ≤ capacity}; the elements stand in {@code ring} from {@code head} on,
 *       oldest first. An element is put once and taken at most once.
 *   <li>If the first in a line could go on, it has been signalled. (An element is there and
 *       somebody waits for one: then the first of them is awake or about to be. Likewise for room.)
 *   <li>After {@link #close} nothing enters; what is inside can still be taken, and then every
 *       {@code take} answers {@code null}.
 * </ol>
 *
 * <p><b>The hazard: a lost wake-up.</b> With one condition for all, {@code signal} may wake a
 * producer where a consumer was meant, and both sides sleep for ever; {@code signalAll} wakes
 * everybody for one element. With a condition for each side, a consumer that is signalled and
 * interrupted at the same moment may take the signal with it and leave without the element. Here
 * each waiting thread has a condition of its own in a line, and whoever leaves the lock, by
 * whatever way, signals the first of each line that could go on ({@link #wakeWhoCanGo}). That one
 * rule is invariant 2; no path can forget it, because every path ends in it.
 *
 * <p><b>Fair or not.</b> In both forms those who wait are served in the order in which they came.
 * {@link #fair} also keeps newcomers from overtaking them; each hand-over then costs a switch of
 * threads. {@link #unfair} lets a newcomer take what is there, which is many times faster and can
 * keep a waiting thread waiting for as long as newcomers keep coming. Elements of one producer come
 * out in the order in which they went in, in both. In the fair form, what is owed to a thread that
 * waits is not there for others: {@code poll()} may answer null, and {@code offer(T)} false, while
 * those ahead are about to be served.
 *
 * <p><b>Interruption</b> ends a wait with nothing done: the element is not in the queue, or still
 * in it. If an interrupt comes too late to stop the method, the method ends normally and the thread
 * stays interrupted.
 *
 * <p><b>Why not {@link java.util.concurrent.BlockingQueue}</b>: its {@code take} has no way to say
 * that nothing will come any more, and programs then invent poison pills, one a consumer.
 *
 * <p>Source: the bounded buffer of C. A. R. Hoare, "Monitors: an operating system structuring
 * concept" (CACM 1974), with signalling as in Lampson and Redell, "Experience with processes and
 * monitors in Mesa" (CACM 1980): a woken thread looks again. All methods are linearizable.
 *
 * @param <T> what is handed over; never null
 */
public final class BoundedQueue<T> implements AutoCloseable {
  private static final long FOREVER = Long.MAX_VALUE;

  private final ReentrantLock lock;
  private final boolean fair;
  private final Line producers = new Line(this::hasRoomOrIsClosed);
  private final Line consumers = new Line(this::hasElement);

  // All below is guarded by the lock.
  private final @Nullable Object[] ring;
  private int head;
  private int size;
  private boolean closed;

  private BoundedQueue(int capacity, boolean fair) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity must be at least 1, was " + capacity);
    }
    this.ring = new @Nullable Object[capacity];
    this.fair = fair;
    this.lock = new ReentrantLock(fair);
  }

  /** A queue in which nobody is overtaken. */
  public static <T> BoundedQueue<T> fair(int capacity) {
    return new BoundedQueue<>(capacity, true);
  }

  /** A queue in which newcomers may overtake those who wait: the fast form. */
  public static <T> BoundedQueue<T> unfair(int capacity) {
    return new BoundedQueue<>(capacity, false);
  }

  /**
   * Puts an element at the end, and waits for room as long as it takes.
   *
   * @throws QueueClosedException if the queue is closed, or is closed while this method waits
   */
  public void put(T element) throws InterruptedException {
    offer(element, FOREVER);
  }

  /**
   * Puts an element at the end if there is room within a time.
   *
   * @param timeoutNanos how long to wait at most; 0 or less: not at all
   * @return whether the element is in the queue
   * @throws QueueClosedException if the queue is closed, or is closed while this method waits
   */
  public boolean offer(T element, long timeoutNanos) throws InterruptedException {
    Objects.requireNonNull(element, "element");
    lock.lockInterruptibly();
    try {
      requireNotClosed();
      return producers.awaitTurn(timeoutNanos) && append(element);
    } finally {
      leave();
    }
  }

  /**
   * Puts an element at the end if there is room now.
   *
   * @return whether the element is in the queue
   * @throws QueueClosedException if the queue is closed
   */
  public boolean offer(T element) {
    Objects.requireNonNull(element, "element");
    lock.lock();
    try {
      requireNotClosed();
      return producers.mayGoAtOnce() && append(element);
    } finally {
      leave();
    }
  }

  /** Takes the oldest element, and waits for one; null if the queue is closed and empty. */
  public @Nullable T take() throws InterruptedException {
    return poll(FOREVER);
  }

  /**
   * Takes the oldest element if there is one within a time.
   *
   * @param timeoutNanos how long to wait at most; 0 or less: not at all
   * @return null if none came, or if the queue is closed and empty: {@link #isEnded} tells which
   */
  public @Nullable T poll(long timeoutNanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      return consumers.awaitTurn(timeoutNanos) ? removeOldest() : null;
    } finally {
      leave();
    }
  }

  /** Takes the oldest element if there is one now; otherwise null. */
  public @Nullable T poll() {
    lock.lock();
    try {
      return consumers.mayGoAtOnce() ? removeOldest() : null;
    } finally {
      leave();
    }
  }

  /**
   * Takes what is there, oldest first, under one lock: as if nobody else had been between.
   *
   * @param target where the elements are added; it must not use this queue. If its {@code add}
   *     throws, the element that it threw at and all behind it stay in the queue
   * @param max how many at most
   * @return how many were taken, 0 if there was nothing
   */
  public int drainTo(Collection<? super T> target, int max) {
    lock.lock();
    try {
      return consumers.mayGoAtOnce() ? drain(target, max) : 0;
    } finally {
      leave();
    }
  }

  /**
   * Waits for at least one element and takes what is there then: the way to pay for one hand-over
   * and get many elements.
   *
   * @param max how many at most; at least 1
   * @return how many were taken; 0 only if the queue is closed and empty
   */
  public int takeBatch(Collection<? super T> target, int max) throws InterruptedException {
    if (max < 1) {
      throw new IllegalArgumentException("max must be at least 1, was " + max);
    }
    lock.lockInterruptibly();
    try {
      return consumers.awaitTurn(FOREVER) ? drain(target, max) : 0;
    } finally {
      leave();
    }
  }

  /**
   * Lets nothing more in. Producers that wait fail; consumers get what is still there, and then
   * null. To close twice does nothing.
   */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      leave();
    }
  }

  /** Whether {@link #close} was called. */
  public boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the queue is closed and empty: nothing will ever come out of it again. */
  public boolean isEnded() {
    lock.lock();
    try {
      return closed && size == 0;
    } finally {
      lock.unlock();
    }
  }

  /** How many elements are inside now. */
  public int size() {
    lock.lock();
    try {
      return size;
    } finally {
      lock.unlock();
    }
  }

  /** How many elements fit. */
  public int capacity() {
    return ring.length;
  }

  // ---- Under the lock ---------------------------------------------------------------------------

  // A producer's wait is also over when the queue is closed: it goes on, and append refuses it.
  private boolean hasRoomOrIsClosed() {
    return size < ring.length || closed;
  }

  private boolean hasElement() {
    return size > 0;
  }

  private boolean append(T element) {
    requireNotClosed();
    int tail = head + size;
    ring[tail < ring.length ? tail : tail - ring.length] = element;
    size++;
    return true;
  }

  private T oldest() {
    @SuppressWarnings("unchecked") // append puts nothing but Ts
    T element = (T) ring[head];
    if (element == null) {
      throw new IllegalStateException("no element where one must be");
    }
    return element;
  }

  private T removeOldest() {
    T element = oldest();
    ring[head] = null; // so that the queue does not keep garbage alive
    head = head + 1 < ring.length ? head + 1 : 0;
    size--;
    return element;
  }

  private int drain(Collection<? super T> target, int max) {
    int count = 0;
    while (count < max && hasElement()) {
      target.add(oldest());
      removeOldest();
      count++;
    }
    return count;
  }

  private void leave() {
    wakeWhoCanGo();
    lock.unlock();
  }

  private void wakeWhoCanGo() {
    consumers.wakeFirst();
    producers.wakeFirst();
  }

  private void requireNotClosed() {
    if (closed) {
      throw new QueueClosedException();
    }
  }

  /** Those who wait on one side, first come first served. Guarded by the lock. */
  private final class Line {
    private final LinkedHashSet<Condition> waiting = new LinkedHashSet<>();
    private final BooleanSupplier ready;

    Line(BooleanSupplier ready) {
      this.ready = ready;
    }

    /** Whether a thread that has just come may go on without waiting. */
    boolean mayGoAtOnce() {
      return ready.getAsBoolean() && (!fair || waiting.isEmpty());
    }

    /** Waits until this side is ready; false if the time was up before, or nothing can come. */
    boolean awaitTurn(long timeoutNanos) throws InterruptedException {
      return mayGoAtOnce() || (timeoutNanos > 0 && standInLine(timeoutNanos));
    }

    private boolean standInLine(long timeoutNanos) throws InterruptedException {
      Condition turn = lock.newCondition();
      waiting.addLast(turn);
      try {
        long nanosLeft = timeoutNanos;
        while (!mayGo(turn)) {
          if (nanosLeft <= 0 || nothingCanCome()) {
            return false;
          }
          nanosLeft = turn.awaitNanos(nanosLeft);
        }
        return true;
      } finally {
        waiting.remove(turn);
      }
    }

    private boolean mayGo(Condition turn) {
      return ready.getAsBoolean() && waiting.getFirst().equals(turn);
    }

    // A closed queue that is empty stays so. One that is closed and not empty is ready for the
    // first of the consumers; the others find out when their turn comes.
    private boolean nothingCanCome() {
      return closed && !ready.getAsBoolean();
    }

    void wakeFirst() {
      if (!waiting.isEmpty() && (closed || ready.getAsBoolean())) {
        waiting.getFirst().signal();
      }
    }
  }
}
