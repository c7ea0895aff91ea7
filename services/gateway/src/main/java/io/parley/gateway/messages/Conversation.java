package io.parley.gateway.messages;

import io.parley.ports.model.CachePoint;
import io.parley.ports.model.Prompt;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was said, as the model will read it: roles alternate, beginning with the user.
 *
 * @param system empty if there is none
 * @param cachePoint where the last cache marker is, null if there is none in either
 * @param cacheTtl what that marker asks for
 */
record Conversation(
    String system, List<Prompt.Turn> turns, @Nullable CachePoint cachePoint, CacheTtl cacheTtl) {
  Conversation {
    turns = List.copyOf(turns);
  }
}
