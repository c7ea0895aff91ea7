package io.parley.concurrent.cache;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A cache that evicts exactly the entry whose last use is longest ago, whatever number of threads
 * use it.
 *
 * <p><b>Invariants</b>, whenever the lock is free:
 *
 * <ol>
 *   <li>{@code nodes} and {@code byUse} hold the same entries, the latter from the one whose last
 *       use is longest ago to the newest. If entries expire, {@code byAge} holds them too, in the
 *       order in which they were put.
 *   <li>{@code weight} is the sum of their weights, and at most {@code maxWeight}.
 *   <li>The listener has been, or is about to be, told of every entry that left, once.
 * </ol>
 *
 * <p>All operations are linearizable, {@code get} as well, and take constant time; what expired or
 * had to be evicted is paid for by the call that finds it, once for each entry.
 *
 * <p><b>The hazard: a read that writes.</b> In an LRU cache {@code get} changes the order. A {@code
 * LinkedHashMap} in access order behind a read-write lock is the classic mistake: two readers
 * unlink neighbours at once, and the list loses entries, or becomes a ring in which eviction never
 * ends. So there is one lock, also for {@code get}; that is the price of exactness, and why {@link
 * StripedLruCache} exists. <em>User code under a lock</em> is the second: weighers and listeners
 * are called outside; {@code equals} and {@code hashCode} of keys are all that runs inside.
 *
 * <p><b>Time to live</b> is the same for all entries, so those that were put first expire first,
 * and the oldest can be found without a timer or a scan. An expired entry is never returned; it
 * leaves at the next operation on the cache.
 *
 * <p>Source: a hash table over a doubly linked list, as described for paging by Mattson et al.,
 * "Evaluation techniques for storage hierarchies" (IBM Systems Journal, 1970).
 */
public final class LruCache<K, V> {
  /** How often the cache was asked, and how often it knew. */
  public record Stats(long hits, long misses, long evictions) {
    /** Hits among all questions, from 0 to 1; 0 if there were none. */
    public double hitRatio() {
      return hits == 0 ? 0 : (double) hits / (hits + misses);
    }

    Stats plus(Stats other) {
      return new Stats(hits + other.hits, misses + other.misses, evictions + other.evictions);
    }
  }

  private record Removal<K, V>(K key, V value, RemovalCause cause) {}

  private final CacheSettings<K, V> settings;
  private final boolean expires;
  private final ReentrantLock lock = new ReentrantLock();

  // All below is guarded by the lock.
  private final Map<K, Node<K, V>> nodes = new HashMap<>();
  private final Chain<Node<K, V>> byUse = new Chain<>();
  private final Chain<Node<K, V>> byAge = new Chain<>();
  private List<Removal<K, V>> untold = List.of();
  private long weight;
  private long hits;
  private long misses;
  private long evictions;

  /** An empty cache. */
  public LruCache(CacheSettings<K, V> settings) {
    this.settings = settings;
    this.expires = settings.ttlNanos() != CacheSettings.NO_TTL;
  }

  /** An empty cache for so many entries. */
  public static <K, V> LruCache<K, V> ofEntries(long maxEntries) {
    return new LruCache<>(CacheSettings.maxEntries(maxEntries));
  }

  /** The value of a key, which counts as a use of it; null if it is not here. */
  public @Nullable V get(K key) {
    V value = null;
    List<Removal<K, V>> removed;
    lock.lock();
    try {
      expireOld();
      Node<K, V> node = nodes.get(key);
      if (node == null) {
        misses++;
      } else {
        hits++;
        byUse.moveToNewest(node.use);
        value = node.value;
      }
      removed = takeUntold();
    } finally {
      lock.unlock();
    }
    tell(removed);
    return value;
  }

  /**
   * Puts a value, which counts as a use of its key, and evicts what is over the maximum weight
   * then. An entry that alone is heavier than the maximum is not let in and evicts nobody else;
   * what was under its key leaves all the same.
   *
   * @return the value that was there before, or null
   */
  public @Nullable V put(K key, V value) {
    Objects.requireNonNull(value, "value");
    long newWeight = settings.weigh(key, value);
    Node<K, V> before;
    List<Removal<K, V>> removed;
    lock.lock();
    try {
      expireOld();
      before = nodes.get(key);
      if (before != null) {
        unlink(before, RemovalCause.REPLACED);
      }
      link(new Node<>(key, value, newWeight, expires ? settings.nanoClock().getAsLong() : 0));
      removed = takeUntold();
    } finally {
      lock.unlock();
    }
    tell(removed);
    return before == null ? null : before.value;
  }

  /**
   * Puts a value unless the key has one; either way it counts as a use of the key.
   *
   * @return the value that is there already, or null if the given one was put
   */
  public @Nullable V putIfAbsent(K key, V value) {
    Objects.requireNonNull(value, "value");
    long newWeight = settings.weigh(key, value);
    Node<K, V> present;
    List<Removal<K, V>> removed;
    lock.lock();
    try {
      expireOld();
      present = nodes.get(key);
      if (present != null) {
        byUse.moveToNewest(present.use);
      } else {
        link(new Node<>(key, value, newWeight, expires ? settings.nanoClock().getAsLong() : 0));
      }
      removed = takeUntold();
    } finally {
      lock.unlock();
    }
    tell(removed);
    return present == null ? null : present.value;
  }

  /** Takes an entry out; its value, or null if it is not here. */
  public @Nullable V remove(K key) {
    Node<K, V> node;
    List<Removal<K, V>> removed;
    lock.lock();
    try {
      expireOld();
      node = nodes.get(key);
      if (node != null) {
        unlink(node, RemovalCause.REMOVED);
      }
      removed = takeUntold();
    } finally {
      lock.unlock();
    }
    tell(removed);
    return node == null ? null : node.value;
  }

  /** Takes all entries out. */
  public void clear() {
    List<Removal<K, V>> removed;
    lock.lock();
    try {
      expireOld();
      for (Node<K, V> node = byUse.oldest(); node != null; node = byUse.oldest()) {
        unlink(node, RemovalCause.REMOVED);
      }
      removed = takeUntold();
    } finally {
      lock.unlock();
    }
    tell(removed);
  }

  /** The keys, from the one whose last use is longest ago to the newest, as they are now. */
  public List<K> keysOldestFirst() {
    List<Removal<K, V>> removed;
    List<K> keys = new ArrayList<>();
    lock.lock();
    try {
      expireOld();
      byUse.forEach(node -> keys.add(node.key));
      removed = takeUntold();
    } finally {
      lock.unlock();
    }
    tell(removed);
    return keys;
  }

  /** How many entries are inside; those that expired since the last operation are counted. */
  public int size() {
    lock.lock();
    try {
      return nodes.size();
    } finally {
      lock.unlock();
    }
  }

  /** The sum of the weights of what is inside. */
  public long weight() {
    lock.lock();
    try {
      return weight;
    } finally {
      lock.unlock();
    }
  }

  /** Hits, misses and evictions since the beginning. */
  public Stats stats() {
    lock.lock();
    try {
      return new Stats(hits, misses, evictions);
    } finally {
      lock.unlock();
    }
  }

  // ---- Under the lock ---------------------------------------------------------------------------

  private void link(Node<K, V> node) {
    if (node.weight > settings.maxWeight()) {
      evictions++;
      leaveToTell(node, RemovalCause.EVICTED);
      return;
    }
    makeRoomFor(node.weight);
    nodes.put(node.key, node);
    byUse.append(node.use);
    if (expires) {
      byAge.append(node.age);
    }
    weight += node.weight;
  }

  private void makeRoomFor(long newWeight) {
    // As a difference: the sum of both might overflow.
    while (weight > settings.maxWeight() - newWeight) {
      Node<K, V> oldest = Objects.requireNonNull(byUse.oldest(), "weight without entries");
      evictions++;
      unlink(oldest, RemovalCause.EVICTED);
    }
  }

  private void unlink(Node<K, V> node, RemovalCause cause) {
    nodes.remove(node.key);
    byUse.remove(node.use);
    if (expires) {
      byAge.remove(node.age);
    }
    weight -= node.weight;
    leaveToTell(node, cause);
  }

  private void expireOld() {
    if (!expires) {
      return;
    }
    long now = settings.nanoClock().getAsLong();
    for (Node<K, V> node = byAge.oldest();
        node != null && now - node.putAtNanos >= settings.ttlNanos();
        node = byAge.oldest()) {
      unlink(node, RemovalCause.EXPIRED);
    }
  }

  private void leaveToTell(Node<K, V> node, RemovalCause cause) {
    if (settings.listener() == null) {
      return;
    }
    if (untold.isEmpty()) {
      untold = new ArrayList<>();
    }
    untold.add(new Removal<>(node.key, node.value, cause));
  }

  private List<Removal<K, V>> takeUntold() {
    List<Removal<K, V>> taken = untold;
    untold = List.of();
    return taken;
  }

  // ---- Without the lock -------------------------------------------------------------------------

  private void tell(List<Removal<K, V>> removed) {
    RemovalListener<? super K, ? super V> listener = settings.listener();
    if (removed.isEmpty() || listener == null) {
      return;
    }
    RuntimeException failure = null;
    for (Removal<K, V> removal : removed) {
      try {
        listener.onRemoval(removal.key, removal.value, removal.cause);
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  // ---- The two orders ---------------------------------------------------------------------------

  /** An entry, with its place in each order. */
  private static final class Node<K, V> {
    final K key;
    final V value;
    final long weight;
    final long putAtNanos;
    final Chain.Link<Node<K, V>> use = new Chain.Link<>(this);
    final Chain.Link<Node<K, V>> age = new Chain.Link<>(this);

    Node(K key, V value, long weight, long putAtNanos) {
      this.key = key;
      this.value = value;
      this.weight = weight;
      this.putAtNanos = putAtNanos;
    }
  }

  /** A doubly linked list whose links belong to its elements, so that removing takes no search. */
  private static final class Chain<E> {
    static final class Link<E> {
      final E element;
      @Nullable Link<E> older;
      @Nullable Link<E> newer;

      Link(E element) {
        this.element = element;
      }
    }

    private @Nullable Link<E> oldest;
    private @Nullable Link<E> newest;

    @Nullable E oldest() {
      return oldest == null ? null : oldest.element;
    }

    void append(Link<E> link) {
      link.older = newest;
      if (newest == null) {
        oldest = link;
      } else {
        newest.newer = link;
      }
      newest = link;
    }

    void remove(Link<E> link) {
      if (link.older == null) {
        oldest = link.newer;
      } else {
        link.older.newer = link.newer;
      }
      if (link.newer == null) {
        newest = link.older;
      } else {
        link.newer.older = link.older;
      }
      link.older = null;
      link.newer = null;
    }

    void moveToNewest(Link<E> link) {
      if (link.newer != null) {
        remove(link);
        append(link);
      }
    }

    void forEach(Consumer<E> consumer) {
      for (Link<E> link = oldest; link != null; link = link.newer) {
        consumer.accept(link.element);
      }
    }
  }
}
