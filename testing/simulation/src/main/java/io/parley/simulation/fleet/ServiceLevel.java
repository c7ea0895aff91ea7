package io.parley.simulation.fleet;

/**
 * What a client was promised. A request is good if its answer was completed, its first token came
 * in time, and its tokens came fast enough in the mean; a batch is good if it was completed.
 *
 * @param ttftNanos time to first token at most, from the arrival at the router
 * @param interTokenNanos mean time between the tokens of a request at most
 */
public record ServiceLevel(long ttftNanos, long interTokenNanos) {
  boolean isMetBy(SimulatedRequest request) {
    boolean inTime = request.ttftNanos() <= ttftNanos && request.meanGapNanos() <= interTokenNanos;
    return inTime || request.arrival().batch();
  }
}
