package io.parley.gateway.observation;

import io.parley.common.TimeSource;
import io.parley.concurrent.top.LiveTopK;
import io.parley.concurrent.top.SpaceSaving;
import io.parley.concurrent.top.TopK;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The organisations that have figures of their own: those with the most requests of late. All
 * others share {@value #OTHER}, so that the number of time series is bounded whatever clients do.
 *
 * <p>Requests are counted in two summaries of fixed size, one of the present epoch and one of the
 * last, so that who was busy long ago does not keep a place from those who are now. As long as
 * there are places left, who comes takes one at once, and keeps it. Thread-safe; {@link #refresh}
 * is to be called every few seconds.
 */
public final class ActiveOrganisations {
  /** The name that all others share. */
  public static final String OTHER = "other";

  private static final Duration EPOCH = Duration.ofMinutes(10);

  /** Places of a summary for each that is shown: what has a share above 1 ÷ places is found. */
  private static final int PLACES_EACH = 10;

  private final int most;
  private final TimeSource time;
  private volatile LiveTopK<String> counting; // replaced by refresh alone
  private volatile Set<String> shown = Set.of();
  private Map<String, Long> lastEpoch = Map.of(); // guarded by this
  private long epochNanos; // guarded by this

  /**
   * Nobody yet.
   *
   * @param most organisations with figures of their own, at least 1
   */
  public ActiveOrganisations(int most, TimeSource time) {
    this.most = most;
    this.time = time;
    this.counting = summary();
    this.epochNanos = time.nanoTime();
  }

  private LiveTopK<String> summary() {
    int stripes = 2 * Runtime.getRuntime().availableProcessors();
    return new LiveTopK<>(most * PLACES_EACH, most * PLACES_EACH, stripes);
  }

  /** Counts a request, and says under which name it has its figures. */
  public String seen(String organisationId) {
    counting.add(organisationId, 1);
    return name(organisationId);
  }

  /** Under which name an organisation has its figures. */
  public String name(String organisationId) {
    Set<String> now = shown;
    if (now.contains(organisationId)) {
      return organisationId;
    }
    return now.size() < most ? newcomer(organisationId) : OTHER;
  }

  private synchronized String newcomer(String organisationId) {
    if (shown.size() >= most) {
      return shown.contains(organisationId) ? organisationId : OTHER;
    }
    Set<String> more = new HashSet<>(shown);
    more.add(organisationId);
    shown = Set.copyOf(more);
    return organisationId;
  }

  /** Those that are shown now, at most as many as there are places. */
  public Set<String> shown() {
    return shown;
  }

  /** Looks again who was busiest. */
  public synchronized void refresh() {
    Map<String, Long> present = counts(counting.publish());
    TopK<String> top = new TopK<>(most);
    Map<String, Long> both = new HashMap<>(lastEpoch);
    present.forEach((id, count) -> both.merge(id, count, Long::sum));
    both.forEach(top::offer);
    Set<String> busiest = new HashSet<>();
    top.ranking().forEach(ranked -> busiest.add(ranked.key()));
    for (String shownBefore : shown) {
      if (busiest.size() < most) {
        busiest.add(shownBefore);
      }
    }
    shown = Set.copyOf(busiest);
    if (time.nanoTime() - epochNanos >= EPOCH.toNanos()) {
      epochNanos = time.nanoTime();
      lastEpoch = present;
      counting = summary();
    }
  }

  private static Map<String, Long> counts(LiveTopK.Snapshot<String> snapshot) {
    Map<String, Long> counts = new HashMap<>();
    for (SpaceSaving.Estimate<String> estimate : snapshot.ranking()) {
      counts.put(estimate.key(), estimate.count());
    }
    return counts;
  }
}
