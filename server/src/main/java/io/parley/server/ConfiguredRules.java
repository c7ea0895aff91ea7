package io.parley.server;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.safety.rules.ModelRules;
import io.parley.safety.rules.RuleSet;
import io.parley.server.config.ParleyConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** From settings to the rules that each model is served with. */
final class ConfiguredRules {
  private ConfiguredRules() {}

  /**
   * Reads the rule files that the settings name; without one, the rules that ship.
   *
   * @throws ParleyException INVALID_REQUEST naming the setting, the file and the line that is wrong
   */
  static ModelRules load(ParleyConfig config) {
    RuleSet others =
        config
            .safety()
            .rulesFile()
            .map(file -> read("safety.rules-file", file))
            .orElseGet(RuleSet::shipped);
    Map<String, RuleSet> pinned = new HashMap<>();
    config
        .models()
        .safety()
        .forEach((model, file) -> pinned.put(model, read("models.safety." + model, file)));
    return new ModelRules(others, pinned);
  }

  private static RuleSet read(String setting, Path file) {
    try {
      return RuleSet.parse(Files.readString(file));
    } catch (IllegalArgumentException e) {
      throw ParleyException.invalid("%s: %s: %s".formatted(setting, file, e.getMessage()));
    } catch (IOException e) {
      throw new ParleyException(
          ErrorCode.INVALID_REQUEST,
          "%s: %s cannot be read as UTF-8 text: %s".formatted(setting, file, e),
          e);
    }
  }
}
