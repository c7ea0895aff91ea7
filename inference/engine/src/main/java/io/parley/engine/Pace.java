package io.parley.engine;

/**
 * How fast the engine works off what it is given, learned from its steps: the compute that it gets
 * done in a nanosecond while others wait, and the tokens that a sequence writes in the end.
 */
final class Pace {
  /** Weight of the newest step: it forgets in about twenty. */
  private static final double NEWEST_STEP = 0.05;

  private static final double NEWEST_END = 0.05;

  /** Of the tokens that it may write, as long as nobody has come to an end. */
  private static final double UNKNOWN_OUTPUT = 0.5;

  private final TokenCost cost;
  private double costPerNano; // 0: not known
  private double outputTokens = -1; // of a sequence, in the mean; below 0: not known

  Pace(TokenCost cost) {
    this.cost = cost;
  }

  /**
   * Learns from a step during which others waited: otherwise the engine may have had less to do
   * than it could.
   */
  void step(double costs, long nanos) {
    if (costs > 0 && nanos > 0) {
      double now = costs / nanos;
      costPerNano = costPerNano == 0 ? now : costPerNano + NEWEST_STEP * (now - costPerNano);
    }
  }

  /** Learns from a sequence that came to its own end. */
  void ended(int tokens) {
    outputTokens = outputTokens < 0 ? tokens : outputTokens + NEWEST_END * (tokens - outputTokens);
  }

  /** The compute that a sequence will probably take from its first token to its last. */
  double expectedCost(SequenceRequest request) {
    int prompt = request.promptTokens().length;
    double expected = outputTokens < 0 ? UNKNOWN_OUTPUT * request.maxTokens() : outputTokens;
    int output = (int) Math.ceil(Math.min(request.maxTokens(), expected));
    return cost.prefill(0, prompt) + cost.decode(prompt, prompt + output);
  }

  /** The compute of positions that a step went through. */
  double cost(Sequence sequence, int count) {
    int from = sequence.computedTokens();
    int to = from + count;
    int input = sequence.inputTokens();
    return cost.prefill(from, Math.min(to, input)) + cost.decode(Math.max(from, input), to);
  }

  /** How long that much compute takes; 0 as long as nothing is known. */
  long nanos(double costs) {
    return costPerNano == 0 ? 0 : (long) (costs / costPerNano);
  }
}
