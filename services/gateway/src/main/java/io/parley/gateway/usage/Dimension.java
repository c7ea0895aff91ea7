package io.parley.gateway.usage;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** By what usage can be told apart, and narrowed. */
public enum Dimension {
  API_KEY("api_key_id"),
  WORKSPACE("workspace_id"),
  MODEL("model"),
  SERVICE_TIER("service_tier"),
  CONTEXT_WINDOW("context_window");

  private final String wireName;

  Dimension(String wireName) {
    this.wireName = wireName;
  }

  /** What reports and columns call it. */
  public String wireName() {
    return wireName;
  }

  public static Optional<Dimension> of(String wireName) {
    return Arrays.stream(values()).filter(each -> each.wireName.equals(wireName)).findFirst();
  }

  public static List<String> wireNames() {
    return Arrays.stream(values()).map(Dimension::wireName).toList();
  }
}
