package io.parley.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.gateway.GatewayLimits;
import io.parley.safety.GateLimits;
import io.parley.server.config.ConfigFlags;
import io.parley.server.config.ConfigLoader;
import io.parley.server.config.ParleyConfig;
import io.parley.serving.decoder.ModelSettings;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfiguredLimitsTest {
  @TempDir Path directory;

  @Test
  void areTheDefaultsOfThePartsIfNothingIsSet() {
    ParleyConfig config = new ConfigLoader(Map.of(), directory).load(ConfigFlags.none(), null);
    Path file = directory.resolve("m.gguf");
    assertThat(ConfiguredLimits.ofGateway(config).limits()).isEqualTo(GatewayLimits.DEFAULTS);
    assertThat(ConfiguredLimits.ofGates(config.safety())).isEqualTo(GateLimits.DEFAULTS);
    assertThat(ConfiguredLimits.ofModel(config, "m", file)).isEqualTo(ModelSettings.of("m", file));
  }
}
