package io.parley.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigReferenceTest {
  @Test
  void isWhatTheDocumentationHolds() throws IOException {
    String documented = Files.readString(Path.of("../docs/configuration.md"));
    assertThat(documented.equals(ConfigReference.markdown()))
        .as("is current; if not: ./parley serve --help-config > docs/configuration.md")
        .isTrue();
  }

  @Test
  void namesEverySettingWithItsVariable() {
    assertThat(ConfigReference.markdown())
        .contains("`http.max-body-bytes`", "`PARLEY_HTTP_MAX_BODY_BYTES`", "From 0 to 65535.");
  }
}
