package io.parley.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.chat.ChatLimits;
import io.parley.server.config.ConfigFlags;
import io.parley.server.config.ConfigLoader;
import io.parley.server.config.ParleyConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfiguredChatTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, local, true",
    "::1, local, true",
    "0.0.0.0, local, false",
    "192.0.2.1, local, false",
    "no-such-host.invalid, local, false",
    "0.0.0.0, anybody, true",
    "127.0.0.1, nobody, false",
  })
  void guestsComeInWhereTheServerIsForItsOwnMachineAlone(String host, String guests, boolean open) {
    assertThat(ConfiguredChat.of(config(host, guests), Path.of("data")).accounts().guests())
        .isEqualTo(open);
  }

  @Test
  void withoutSettingsTheLimitsAreTheDefaults() {
    assertThat(limits(Map.of())).isEqualTo(ChatLimits.DEFAULTS);
  }

  @Test
  void aLimitThatIsSetHolds() {
    ChatLimits limits =
        limits(
            Map.of(
                "PARLEY_CHAT_LIMITS_MAX_TEXT_CHARS", "1000",
                "PARLEY_CHAT_LIMITS_EVENTS_KEPT_DAYS", "1"));
    assertThat(limits.maxTextChars()).isEqualTo(1_000);
    assertThat(limits.eventsKept()).isEqualTo(Duration.ofDays(1));
    assertThat(limits.maxImages()).isEqualTo(ChatLimits.DEFAULTS.maxImages());
  }

  private static ChatLimits limits(Map<String, String> environment) {
    ParleyConfig config = new ConfigLoader(environment, Path.of("")).load(ConfigFlags.none(), null);
    return ConfiguredChat.of(config, Path.of("data")).limits();
  }

  private static ParleyConfig config(String host, String guests) {
    Map<String, String> environment =
        Map.of("PARLEY_HTTP_HOST", host, "PARLEY_CHAT_GUESTS", guests);
    return new ConfigLoader(environment, Path.of("")).load(ConfigFlags.none(), null);
  }
}
