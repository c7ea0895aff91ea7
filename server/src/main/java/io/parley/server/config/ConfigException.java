package io.parley.server.config;

import java.util.List;

/**
 * The configuration is wrong. Each problem is one line that says where, what, and what is right.
 */
public final class ConfigException extends RuntimeException {
  private final List<String> problems;

  public ConfigException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  public List<String> problems() {
    return problems;
  }
}
