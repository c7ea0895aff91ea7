package io.parley.engine;

import io.parley.common.ParleyException;

/**
 * How long a sequence may have to wait, by class, in nanoseconds: one that would wait longer is
 * refused when it comes, because its answer would come too late to be of use to anybody.
 *
 * @param interactiveNanos at least 1
 * @param streamingNanos at least 1
 * @param batchNanos at least 1
 */
public record WaitLimits(long interactiveNanos, long streamingNanos, long batchNanos) {
  /** Everybody may wait for as long as it takes. */
  public static final WaitLimits NONE =
      new WaitLimits(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

  public WaitLimits {
    if (interactiveNanos < 1 || streamingNanos < 1 || batchNanos < 1) {
      throw ParleyException.invalid(
          "wait limits must be at least 1 ns: %d, %d, %d"
              .formatted(interactiveNanos, streamingNanos, batchNanos));
    }
  }

  long of(PriorityClass priority) {
    return switch (priority) {
      case INTERACTIVE -> interactiveNanos;
      case STREAMING -> streamingNanos;
      case BATCH -> batchNanos;
    };
  }
}
