package io.parley.engine;

import io.parley.common.ParleyException;

/**
 * Whether what a preempted sequence has computed may wait in host memory.
 *
 * @param slots blocks that host memory has room for; 0: it is always computed again
 */
public record SwapSettings(int slots) {
  public static final SwapSettings OFF = new SwapSettings(0);

  public SwapSettings {
    if (slots < 0) {
      throw ParleyException.invalid("swap_slots must not be negative: " + slots);
    }
  }
}
