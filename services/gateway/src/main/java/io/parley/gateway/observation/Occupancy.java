package io.parley.gateway.observation;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.parley.ports.model.ServiceClass;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Who waits for a model and who is being served, by class and by organisation. Holds only those
 * that wait or run. Thread-safe.
 *
 * <p>Metrics: {@code parley.messages.waiting} and {@code parley.messages.running}, gauges by class.
 */
public final class Occupancy {
  /** How many wait and how many run of something, such as a class. */
  public record Load(String name, int waiting, int running) {
    private Load plus(int moreWaiting, int moreRunning) {
      return new Load(name, waiting + moreWaiting, running + moreRunning);
    }

    private boolean isIdle() {
      return waiting == 0 && running == 0;
    }
  }

  private final Map<ServiceClass, AtomicInteger> waiting = new ConcurrentHashMap<>();
  private final Map<ServiceClass, AtomicInteger> running = new ConcurrentHashMap<>();
  private final Map<String, Load> organisations = new ConcurrentHashMap<>();

  Occupancy(MeterRegistry meters) {
    for (ServiceClass each : ServiceClass.values()) {
      waiting.put(each, gauge(meters, "parley.messages.waiting", each));
      running.put(each, gauge(meters, "parley.messages.running", each));
    }
  }

  private static AtomicInteger gauge(MeterRegistry meters, String name, ServiceClass of) {
    AtomicInteger value = new AtomicInteger();
    Gauge.builder(name, value, AtomicInteger::get)
        .tag("class", wireName(of))
        .strongReference(true)
        .register(meters);
    return value;
  }

  private static String wireName(ServiceClass of) {
    return of.name().toLowerCase(Locale.ROOT);
  }

  /** One more waits. */
  public Seat enter(String organisation, ServiceClass of) {
    Seat seat = new Seat(organisation, of);
    seat.waits(1);
    return seat;
  }

  /** By class, the most urgent first. */
  public List<Load> byClass() {
    return List.of(ServiceClass.values()).stream()
        .map(
            of ->
                new Load(
                    wireName(of),
                    requireNonNull(waiting.get(of)).get(),
                    requireNonNull(running.get(of)).get()))
        .toList();
  }

  /** Organisations that wait or run, those first that have most, at most so many. */
  public List<Load> byOrganisation(int most) {
    return organisations.values().stream()
        .sorted(
            Comparator.comparingInt((Load load) -> load.waiting + load.running)
                .reversed()
                .thenComparing(Load::name))
        .limit(most)
        .toList();
  }

  private void change(String organisation, int moreWaiting, int moreRunning) {
    organisations.compute(
        organisation,
        (name, load) -> {
          Load now = (load == null ? new Load(name, 0, 0) : load).plus(moreWaiting, moreRunning);
          return now.isIdle() ? null : now;
        });
  }

  /**
   * One request's place; it is given up once, whatever is called how often. One thread at a time.
   */
  public final class Seat {
    private final String organisation;
    private final ServiceClass of;
    private boolean started;
    private boolean left;

    private Seat(String organisation, ServiceClass of) {
      this.organisation = organisation;
      this.of = of;
    }

    /** It is served now. */
    public void started() {
      if (!started && !left) {
        started = true;
        waits(-1);
        runs(1);
      }
    }

    /** It is over. */
    public void left() {
      if (!left) {
        left = true;
        if (started) {
          runs(-1);
        } else {
          waits(-1);
        }
      }
    }

    private void waits(int more) {
      requireNonNull(waiting.get(of)).addAndGet(more);
      change(organisation, more, 0);
    }

    private void runs(int more) {
      requireNonNull(running.get(of)).addAndGet(more);
      change(organisation, 0, more);
    }
  }
}
