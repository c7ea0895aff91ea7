package io.parley.simulation.fleet;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Numbers for the requests that a scheduler has: small ones, each used again when its sequence has
 * ended, so that a request is found by its number without a map.
 */
final class Slots {
  private @Nullable SimulatedRequest[] requests = new @Nullable SimulatedRequest[16];
  private int[] free = new int[16]; // a stack
  private int freeCount;
  private int used; // numbers given out so far

  /** Requests that have a number now. */
  int size() {
    return used - freeCount;
  }

  /** A number for a request. */
  long take(SimulatedRequest request) {
    int id = freeCount > 0 ? free[--freeCount] : used++;
    if (id == requests.length) {
      requests = Arrays.copyOf(requests, 2 * id);
      free = Arrays.copyOf(free, 2 * id);
    }
    requests[id] = request;
    return id;
  }

  /**
   * The request with this number.
   *
   * @throws IllegalStateException if there is none
   */
  SimulatedRequest request(long id) {
    SimulatedRequest request = requests[(int) id];
    if (request == null) {
      throw new IllegalStateException("sequence %d has ended before".formatted(id));
    }
    return request;
  }

  /** Takes a number back; returns whose it was. */
  SimulatedRequest free(long id) {
    SimulatedRequest request = request(id);
    requests[(int) id] = null;
    free[freeCount++] = (int) id;
    return request;
  }

  /** The number of a request, or −1. Takes time in proportion to the numbers. */
  long find(SimulatedRequest request) {
    for (int id = 0; id < used; id++) {
      if (requests[id] == request) {
        return id;
      }
    }
    return -1;
  }
}
