package io.parley.gateway.operations;

import java.util.Collection;
import java.util.Map;

/** What people call organisations. Thread-safe; may block. */
@FunctionalInterface
public interface OrganisationNames {
  /** The names of those that there are, by id. */
  Map<String, String> of(Collection<String> ids);
}
