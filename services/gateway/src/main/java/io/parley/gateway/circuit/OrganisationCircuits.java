package io.parley.gateway.circuit;

import io.parley.concurrent.limit.CircuitBreaker;
import java.util.LinkedHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The breakers of those organisations for which something failed that works for others. Whoever
 * never had that happen has none. Thread-safe.
 */
final class OrganisationCircuits {
  /** Breakers at once; the one that has been asked for the longest time ago makes room. */
  static final int MOST = 4_096;

  private final CircuitBreaker.Settings settings;
  private final LongSupplier nanoClock;
  private final LinkedHashMap<String, CircuitBreaker> breakers =
      new LinkedHashMap<>(16, 0.75f, true); // guarded by itself

  OrganisationCircuits(CircuitBreaker.Settings settings, LongSupplier nanoClock) {
    this.settings = settings;
    this.nanoClock = nanoClock;
  }

  /** The breaker of an organisation; null if it has none. */
  @Nullable CircuitBreaker find(String organisationId) {
    synchronized (breakers) {
      return breakers.get(organisationId);
    }
  }

  /** The breaker of an organisation, now if it had none. */
  CircuitBreaker get(String organisationId) {
    synchronized (breakers) {
      CircuitBreaker breaker =
          breakers.computeIfAbsent(organisationId, id -> new CircuitBreaker(settings, nanoClock));
      if (breakers.size() > MOST) {
        breakers.pollFirstEntry();
      }
      return breaker;
    }
  }

  /** Organisations that are slowed now. */
  int slowed() {
    synchronized (breakers) {
      return (int)
          breakers.values().stream()
              .filter(breaker -> breaker.state() != CircuitBreaker.State.CLOSED)
              .count();
    }
  }
}
