package io.parley.gateway.limits;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.gateway.messages.Conclusion;
import io.parley.gateway.messages.Hold;
import io.parley.ports.model.Usage;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds that are ended together, once, whoever is first and however often somebody tries.
 * Thread-safe; blocks as little as its executor does, and never throws.
 */
final class SettledOnce implements Hold {
  private static final Logger log = LoggerFactory.getLogger(SettledOnce.class);

  /** Changes are recognised by their ids, so one whose outcome is unknown may be repeated. */
  private static final int ATTEMPTS = 3;

  private final List<Hold> holds;
  private final Executor threads;
  private final AtomicBoolean ended = new AtomicBoolean();

  SettledOnce(List<Hold> holds, Executor threads) {
    this.holds = List.copyOf(holds);
    this.threads = threads;
  }

  @Override
  public void started(Usage prompt) {
    if (!ended.get()) {
      each(hold -> hold.started(prompt));
    }
  }

  @Override
  public void settle(Usage usage, Conclusion.Outcome outcome) {
    if (ended.compareAndSet(false, true)) {
      each(hold -> hold.settle(usage, outcome));
    }
  }

  @Override
  public void release() {
    if (ended.compareAndSet(false, true)) {
      each(Hold::release);
    }
  }

  private void each(Consumer<Hold> step) {
    try {
      threads.execute(() -> holds.forEach(hold -> repeat(() -> step.accept(hold))));
    } catch (RuntimeException e) {
      log.warn("what a request held stays held until it expires", e);
    }
  }

  private static void repeat(Runnable step) {
    for (int attempt = 1; ; attempt++) {
      try {
        step.run();
        return;
      } catch (RuntimeException e) {
        if (attempt == ATTEMPTS || !passes(e)) {
          log.warn("what a request held stays held until it expires", e);
          return;
        }
      }
    }
  }

  private static boolean passes(RuntimeException e) {
    return e instanceof ParleyException known
        && (known.code() == ErrorCode.TIMEOUT || known.code() == ErrorCode.OVERLOADED);
  }
}
