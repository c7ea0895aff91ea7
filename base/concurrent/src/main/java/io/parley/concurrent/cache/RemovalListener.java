package io.parley.concurrent.cache;

/**
 * Is told what left a cache, once for each entry, on the thread whose call made it leave and before
 * that call returns. No lock is held: it may use the cache, and two threads may be in it at once.
 * What it throws reaches the caller, after the listener was told of all other entries; the cache is
 * unharmed.
 */
@FunctionalInterface
public interface RemovalListener<K, V> {
  void onRemoval(K key, V value, RemovalCause cause);
}
