package io.parley.concurrent.cache;

/** Why an entry left a cache. */
public enum RemovalCause {
  /** A new value was put under its key. */
  REPLACED,
  /** Somebody removed it. */
  REMOVED,
  /** It was not used for longest when its room was needed, or it was too heavy to be let in. */
  EVICTED,
  /** Its time was over. */
  EXPIRED
}
