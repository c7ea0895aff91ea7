package io.parley.gateway.idempotency;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The right to generate the answer for a key, held by one request. Thread-safe. */
public final class Claim {
  private final IdempotencyKey key;
  private final String bodyHash;
  private final String requestId;
  private volatile @Nullable StoredAnswer answer;

  Claim(IdempotencyKey key, String bodyHash, String requestId) {
    this.key = key;
    this.bodyHash = bodyHash;
    this.requestId = requestId;
  }

  String requestId() {
    return requestId;
  }

  /** Whether a request is a repeat of the one that holds this. */
  public boolean isFor(IdempotencyKey otherKey, String otherHash) {
    return key.equals(otherKey) && bodyHash.equals(otherHash);
  }

  /**
   * Says what is to be kept when the request is concluded. An answer that is concluded without this
   * was too long to be kept.
   */
  public void keep(StoredAnswer whole) {
    answer = whole;
  }

  Optional<StoredAnswer> answer() {
    return Optional.ofNullable(answer);
  }

  /** The answer is written down, or never will be. */
  void forget() {
    answer = null;
  }
}
