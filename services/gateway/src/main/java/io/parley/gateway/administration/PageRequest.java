package io.parley.gateway.administration;

import io.parley.common.ParleyException;
import java.util.Optional;

/**
 * Which part of a list, newest first.
 *
 * @param limit items at most, 1 to {@value #MAX_LIMIT}
 * @param afterId only what comes right after this id, which need not be there any more
 * @param beforeId only what comes right before this id
 */
public record PageRequest(int limit, Optional<String> afterId, Optional<String> beforeId) {
  public static final int DEFAULT_LIMIT = 20;
  public static final int MAX_LIMIT = 1_000;

  public PageRequest {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw ParleyException.invalid("limit: must be an integer from 1 to " + MAX_LIMIT);
    }
    if (afterId.isPresent() && beforeId.isPresent()) {
      throw ParleyException.invalid("before_id: cannot be combined with after_id");
    }
  }

  /** The newest. */
  public static PageRequest first(int limit) {
    return new PageRequest(limit, Optional.empty(), Optional.empty());
  }

  /** What comes after an id. */
  public PageRequest after(String id) {
    return new PageRequest(limit, Optional.of(id), Optional.empty());
  }
}
