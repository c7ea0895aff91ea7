package io.parley.simulation.trace;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Draws the requests of a trace in the order of their arrival, one at a time. Not thread-safe. */
public final class Trace implements Iterator<Arrival> {
  private final TraceSettings settings;
  private final ArrivalProcess.Clock clock;
  private final SplittableRandom owners;
  private final SplittableRandom prompts;
  private final SplittableRandom outputs;
  private final SplittableRandom patience;
  private final SplittableRandom classes;
  private final Zipf tenants;
  private final Zipf prefixes;
  private final int[] prefixTokens; // by tenant and prefix
  private long number;
  private @Nullable Arrival next;

  public Trace(TraceSettings settings) {
    SplittableRandom root = new SplittableRandom(settings.seed());
    this.settings = settings;
    this.clock = settings.arrivals().start(root.split());
    this.owners = root.split();
    this.prompts = root.split();
    this.outputs = root.split();
    this.patience = root.split();
    this.tenants = new Zipf(settings.tenants(), settings.tenantSkew());
    this.prefixes = new Zipf(settings.prefixesPerTenant(), 1);
    SplittableRandom lengths = root.split();
    this.classes = root.split();
    this.prefixTokens = new int[settings.tenants() * settings.prefixesPerTenant()];
    for (int i = 0; i < prefixTokens.length; i++) {
      prefixTokens[i] = settings.prefixes().draw(lengths);
    }
    this.next = draw();
  }

  @Override
  public boolean hasNext() {
    return next != null;
  }

  @Override
  public Arrival next() {
    Arrival arrival = next;
    if (arrival == null) {
      throw new NoSuchElementException("the trace has ended");
    }
    next = draw();
    return arrival;
  }

  private @Nullable Arrival draw() {
    long at = clock.next();
    if (at >= settings.durationNanos()) {
      return null;
    }
    int tenant = tenants.draw(owners);
    int prefix = tenant * settings.prefixesPerTenant() + prefixes.draw(owners);
    boolean shared = owners.nextDouble() < settings.prefixShare();
    int beginning = shared ? prefixTokens[prefix] : 0;
    return new Arrival(
        number++,
        at,
        tenant,
        shared ? prefix + 1L : Arrival.NO_PREFIX,
        beginning,
        beginning + settings.prompts().draw(prompts),
        settings.outputs().draw(outputs),
        settings.maxTokens(),
        leaves(at),
        classes.nextDouble() < settings.batchShare(),
        Long.MAX_VALUE);
  }

  private long leaves(long at) {
    boolean impatient = patience.nextDouble() < settings.impatientShare();
    double seconds = settings.patienceSeconds() * patience.nextExponential();
    return impatient ? at + 1 + (long) (seconds * 1e9) : Arrival.STAYS;
  }
}
