package io.parley.concurrent;

import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.StressOptions;

/**
 * How much the linearizability tests try. Lincheck draws scenarios from a test class' operations,
 * runs each under many interleavings, and looks for an order of the operations, one after the
 * other, that gives the same answers. {@code -Dparley.interleavings=20} tries twenty times as much.
 */
public final class Interleavings {
  private static final int FACTOR = Integer.getInteger("parley.interleavings", 1);

  private Interleavings() {}

  /** Threads that wait for each other; a wake-up that gets lost shows as a deadlock. */
  public static void of(Runnable scenario) {
    Lincheck.runConcurrentTest(15 * FACTOR, scenario);
  }

  /** Switches of threads chosen at every access to shared memory: sequentially consistent. */
  public static void modelCheck(Class<?> test) {
    modelCheck(test, 4);
  }

  /** The same with more scenarios, for a class whose operations have many ways to go together. */
  public static void modelCheck(Class<?> test, int scenarios) {
    new ModelCheckingOptions()
        .iterations(scenarios * FACTOR)
        .invocationsPerIteration(50)
        .threads(2)
        .actorsPerThread(3)
        .actorsBefore(2)
        .actorsAfter(2)
        .check(test);
  }

  /** Real threads on real cores, where memory order matters. */
  public static void stress(Class<?> test) {
    new StressOptions()
        .iterations(3 * FACTOR)
        .invocationsPerIteration(150)
        .threads(2)
        .actorsPerThread(3)
        .actorsBefore(2)
        .actorsAfter(2)
        .check(test);
  }
}
