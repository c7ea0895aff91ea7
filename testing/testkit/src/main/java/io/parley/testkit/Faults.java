package io.parley.testkit;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Makes writes go wrong as they do over a network: done twice, or ended by a time-out, before or
 * after they were done. Thread-safe if the generator is.
 */
public final class Faults {
  private static final int RETRIES = 100;

  private final RandomGenerator random;
  private final double rate;

  /**
   * @param rate of writes that go wrong in some way, from 0 to 1
   */
  public Faults(RandomGenerator random, double rate) {
    this.random = random;
    this.rate = rate;
  }

  /** Does a write, or does it twice, or maybe does it and says that it took too long. */
  <T> T write(Supplier<T> write) {
    if (random.nextDouble() >= rate) {
      return write.get();
    }
    return switch (random.nextInt(3)) {
      case 0 -> {
        T _ = write.get();
        yield write.get();
      }
      case 1 -> throw timeout();
      default -> {
        T _ = write.get();
        throw timeout();
      }
    };
  }

  private static ParleyException timeout() {
    return new ParleyException(ErrorCode.TIMEOUT, "the outcome is unknown");
  }

  /** What a caller does who must have it done: repeats it as long as the outcome is unknown. */
  public static <T> T untilKnown(Supplier<T> write) {
    for (int i = 0; i < RETRIES; i++) {
      try {
        return write.get();
      } catch (ParleyException e) {
        if (e.code() != ErrorCode.TIMEOUT) {
          throw e;
        }
      }
    }
    throw new AssertionError("the outcome stayed unknown " + RETRIES + " times");
  }

  /** The same, of what has no result. */
  public static void untilKnown(Runnable write) {
    boolean done =
        untilKnown(
            () -> {
              write.run();
              return true;
            });
    if (!done) {
      throw new AssertionError("it was never done");
    }
  }
}
