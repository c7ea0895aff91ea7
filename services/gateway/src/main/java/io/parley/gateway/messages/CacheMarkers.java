package io.parley.gateway.messages;

import io.parley.gateway.json.Field;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The cache markers ({@code cache_control}) of one request, checked as they are met: in the order
 * tools, system, messages, the request itself.
 */
final class CacheMarkers {
  /** As many as the Messages API allows. */
  private static final int MOST = 4;

  private static final Set<String> KEYS = Set.of("type", "ttl");
  private static final List<String> TTLS =
      List.of(CacheTtl.FIVE_MINUTES.wireName(), CacheTtl.ONE_HOUR.wireName());

  private int count;
  private CacheTtl ttl = CacheTtl.ONE_HOUR;

  /** What the last marker asks for. */
  CacheTtl ttl() {
    return count == 0 ? CacheTtl.FIVE_MINUTES : ttl;
  }

  /** Whether something is marked; a marker must be valid, and not one too many. */
  boolean isMarked(Field holder) {
    Optional<Field> marker = holder.get("cache_control");
    marker.ifPresent(this::read);
    return marker.isPresent();
  }

  /** Whether a block is marked; a marker must be behind some text. */
  boolean isMarked(Field block, String text) {
    boolean marked = isMarked(block);
    if (marked && text.isEmpty()) {
      throw block.require("cache_control").error("cannot be set for an empty text block");
    }
    return marked;
  }

  private void read(Field marker) {
    marker.object(KEYS).require("type").oneOf(List.of("ephemeral"));
    CacheTtl wanted = ttl(marker);
    if (++count > MOST) {
      throw marker.error(
          "at most " + MOST + " blocks may have cache_control, and this is one more");
    }
    if (wanted == CacheTtl.ONE_HOUR && ttl == CacheTtl.FIVE_MINUTES) {
      throw marker
          .require("ttl")
          .error("\"1h\" must not come after \"5m\", in the order tools, system, messages");
    }
    ttl = wanted;
  }

  private static CacheTtl ttl(Field marker) {
    return marker
        .get("ttl")
        .filter(ttl -> ttl.oneOf(TTLS).equals(CacheTtl.ONE_HOUR.wireName()))
        .map(oneHour -> CacheTtl.ONE_HOUR)
        .orElse(CacheTtl.FIVE_MINUTES);
  }
}
