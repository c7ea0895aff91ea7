package io.parley.gateway.administration;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Whether a key opens anything. */
public enum KeyStatus {
  ACTIVE,
  /** Opens nothing until it is made active again. */
  INACTIVE,
  /** Opens nothing, for good. */
  ARCHIVED,
  /** Was active when its time was over. Time alone makes a key that; nobody can set it. */
  EXPIRED;

  /** The name that requests and rows use. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The status of that name; empty if there is none. */
  public static Optional<KeyStatus> of(String wireName) {
    return Arrays.stream(values()).filter(status -> status.wireName().equals(wireName)).findFirst();
  }

  /** All names. */
  public static List<String> wireNames() {
    return Arrays.stream(values()).map(KeyStatus::wireName).toList();
  }

  /** The names of what a key can be told to be. */
  public static List<String> settableNames() {
    return wireNames().stream().filter(name -> !name.equals(EXPIRED.wireName())).toList();
  }
}
