package io.parley.gateway.administration;

import java.util.List;

/**
 * A part of a list, newest first.
 *
 * @param more whether there is more in the direction that was asked for
 */
public record Page<T>(List<T> items, boolean more) {
  public Page {
    items = List.copyOf(items);
  }
}
