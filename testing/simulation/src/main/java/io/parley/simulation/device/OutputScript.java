package io.parley.simulation.device;

/** When the simulated model ends its turn. */
@FunctionalInterface
public interface OutputScript {
  /**
   * How many tokens a sequence has, prompt and answer together, when it draws the end-of-turn
   * token, that one included. Where the request allows fewer, it is never drawn.
   */
  int lengthAtEndOfTurn(long sequenceId);
}
