package io.parley.server.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Waits for SIGTERM or SIGINT. The first lets {@link #await} return, so that the process can stop
 * in order and end with 0; a second one ends it at once, with 128 and the signal's number as shells
 * do.
 *
 * <p>{@code sun.misc.Signal} is the only way to a signal that does not begin the end of the JVM, as
 * a shutdown hook does. It is reached by reflection because javac warns of it in a way that cannot
 * be silenced; its module, {@code jdk.unsupported}, is open to all.
 */
final class Signals {
  private static final List<String> NAMES = List.of("TERM", "INT");
  private static final int KILLED_BY = 128;

  private final CountDownLatch first = new CountDownLatch(1);
  private final AtomicInteger count = new AtomicInteger();

  /** Begins to listen, in the place of the JVM's own handling. */
  static Signals listen() {
    Signals signals = new Signals();
    NAMES.forEach(signals::handle);
    return signals;
  }

  /** Returns once the first signal has come. */
  void await() throws InterruptedException {
    first.await();
  }

  private void arrived(int number) {
    if (count.incrementAndGet() > 1) {
      Runtime.getRuntime().halt(KILLED_BY + number);
    }
    first.countDown();
  }

  private void handle(String name) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      int number =
          (int)
              signal
                  .getMethod("getNumber")
                  .invoke(signal.getConstructor(String.class).newInstance(name));
      Object proxy =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  arrived(number);
                }
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    } catch (ReflectiveOperationException e) {
      Throwable cause = e instanceof InvocationTargetException wrapped ? wrapped.getCause() : e;
      throw new IllegalStateException("this JVM gives no way to handle SIG" + name, cause);
    }
  }
}
