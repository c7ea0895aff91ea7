package io.parley.simulation.fleet;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Numbers for the requests that a scheduler has: small ones, each used again when its sequence has
 * ended, so that a request is found by its number without a map.
 *
 * <p>What is asked of a request at each of its tokens stands in arrays by that number, and goes
 * back into the request when it gives its number up: a fleet is larger than any processor's cache,
 * and each object that a token touches is fetched from memory.
 */
final class Slots {
  private static final int FIRST_CAPACITY = 16;
  private static final long FIRST = -1;

  private @Nullable SimulatedRequest[] requests = new @Nullable SimulatedRequest[FIRST_CAPACITY];
  private int[] lengthsAtEndOfTurn = new int[FIRST_CAPACITY];
  private int[] tokens = new int[FIRST_CAPACITY];
  private long[] lastTokenNanos = new long[FIRST_CAPACITY];
  private boolean[] left = new boolean[FIRST_CAPACITY];
  private boolean[] batch = new boolean[FIRST_CAPACITY];
  private int[] free = new int[FIRST_CAPACITY]; // a stack
  private int freeCount;
  private int used; // numbers given out so far

  /** Requests that have a number now. */
  int size() {
    return used - freeCount;
  }

  /** A number for a request that has no tokens yet. */
  int take(SimulatedRequest request) {
    int id = freeCount > 0 ? free[--freeCount] : used++;
    if (id == requests.length) {
      grow(2 * id);
    }
    requests[id] = request;
    lengthsAtEndOfTurn[id] = request.lengthAtEndOfTurn();
    tokens[id] = 0;
    left[id] = false;
    batch[id] = request.arrival().batch();
    return id;
  }

  private void grow(int capacity) {
    requests = Arrays.copyOf(requests, capacity);
    lengthsAtEndOfTurn = Arrays.copyOf(lengthsAtEndOfTurn, capacity);
    tokens = Arrays.copyOf(tokens, capacity);
    lastTokenNanos = Arrays.copyOf(lastTokenNanos, capacity);
    left = Arrays.copyOf(left, capacity);
    batch = Arrays.copyOf(batch, capacity);
    free = Arrays.copyOf(free, capacity);
  }

  /**
   * The request with this number.
   *
   * @throws IllegalStateException if there is none
   */
  SimulatedRequest request(int id) {
    SimulatedRequest request = requests[id];
    if (request == null) {
      throw new IllegalStateException("sequence %d has ended before".formatted(id));
    }
    return request;
  }

  /** Tokens of a request, prompt and answer together, when it draws its end of turn. */
  int lengthAtEndOfTurn(int id) {
    return lengthsAtEndOfTurn[id];
  }

  /** Its client goes away: what it draws from now on does not count. */
  void leave(int id) {
    left[id] = true;
  }

  /** Whether nobody waits for its tokens. */
  boolean isBatch(int id) {
    return batch[id];
  }

  boolean hasLeft(int id) {
    return left[id];
  }

  /**
   * A request draws a token.
   *
   * @return the time since the one before, in nanoseconds; negative for the first
   */
  long token(int id, long nowNanos) {
    long gap = tokens[id] == 0 ? FIRST : nowNanos - lastTokenNanos[id];
    tokens[id]++;
    lastTokenNanos[id] = nowNanos;
    return gap;
  }

  /** Takes a number back; returns whose it was, which knows of its tokens now. */
  SimulatedRequest free(int id) {
    SimulatedRequest request = request(id);
    request.drew(tokens[id], lastTokenNanos[id]);
    requests[id] = null;
    free[freeCount++] = id;
    return request;
  }

  /** The number of a request, or −1. Takes time in proportion to the numbers. */
  int find(SimulatedRequest request) {
    for (int id = 0; id < used; id++) {
      if (requests[id] == request) {
        return id;
      }
    }
    return -1;
  }
}
