package io.parley.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.parley.common.ParleyException;
import io.parley.safety.rules.ModelRules;
import io.parley.safety.rules.RuleSet;
import io.parley.server.config.ConfigFlags;
import io.parley.server.config.ConfigLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfiguredRulesTest {
  @TempDir Path directory;

  @Test
  void areTheShippedOnesIfNothingIsSet() {
    assertThat(load(Map.of()).of("any").version()).isEqualTo(RuleSet.shipped().version());
  }

  @Test
  void areThoseOfTheFileAndThoseThatAreItsModels() throws IOException {
    ModelRules rules =
        load(
            Map.of(
                "PARLEY_SAFETY_RULES_FILE",
                file("own.txt", "version own"),
                "PARLEY_MODELS_SAFETY",
                "strict=" + file("strict.txt", "version strict")));
    assertThat(rules.of("strict").version()).isEqualTo("strict");
    assertThat(rules.of("other").version()).isEqualTo("own");
  }

  @Test
  void areRefusedWithTheSettingTheFileAndTheLine() throws IOException {
    String broken = file("broken.txt", "version 1\n\nnear nothing\n");
    refuses(Map.of("PARLEY_SAFETY_RULES_FILE", broken), "safety.rules-file", broken, "line 3");
    refuses(Map.of("PARLEY_MODELS_SAFETY", "m=" + broken), "models.safety.m", broken, "line 3");
    refuses(Map.of("PARLEY_SAFETY_RULES_FILE", directory.resolve("none").toString()), "none");
  }

  private void refuses(Map<String, String> environment, String... words) {
    assertThatExceptionOfType(ParleyException.class)
        .isThrownBy(() -> load(environment))
        .satisfies(e -> assertThat(e.getMessage()).contains(words));
  }

  private ModelRules load(Map<String, String> environment) {
    return ConfiguredRules.load(
        new ConfigLoader(environment, directory).load(ConfigFlags.none(), null));
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text).toString();
  }
}
