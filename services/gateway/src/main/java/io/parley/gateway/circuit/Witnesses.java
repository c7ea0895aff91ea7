package io.parley.gateway.circuit;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How the organisations that lately used a model fared, each with its newest outcome. By that a
 * failure is put down to the model or to the one it failed for: each organisation has one voice,
 * however much it sends, so nobody can talk a model down for the others. Not thread-safe.
 */
final class Witnesses {
  /** What was seen longer ago says nothing about now. */
  static final long LATELY_NANOS = 60_000_000_000L;

  /** As many as are asked; the one that has been silent longest makes room. */
  static final int MOST = 64;

  private record Seen(boolean good, long atNanos) {}

  /** The newest last. */
  private final LinkedHashMap<String, Seen> byOrganisation = new LinkedHashMap<>();

  void saw(String organisationId, boolean good, long nowNanos) {
    byOrganisation.putLast(organisationId, new Seen(good, nowNanos));
    if (byOrganisation.size() > MOST) {
      byOrganisation.pollFirstEntry();
    }
  }

  /** Whether the model works for most of the others that used it lately, and for one at least. */
  boolean worksForOthersThan(String organisationId, long nowNanos) {
    int balance = 0;
    Iterator<Map.Entry<String, Seen>> newestFirst =
        byOrganisation.sequencedEntrySet().reversed().iterator();
    while (newestFirst.hasNext()) {
      Map.Entry<String, Seen> one = newestFirst.next();
      if (nowNanos - one.getValue().atNanos >= LATELY_NANOS) {
        break;
      }
      if (!one.getKey().equals(organisationId)) {
        balance += one.getValue().good ? 1 : -1;
      }
    }
    return balance > 0;
  }
}
