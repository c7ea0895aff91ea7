package io.parley.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
  @TempDir Path directory;

  @Test
  void hasADefaultForEverything() {
    ParleyConfig config = load(Map.of(), ConfigFlags.none(), null);
    assertThat(config.data()).isEqualTo(directory.resolve("data"));
    assertThat(config.http().host()).isEqualTo("127.0.0.1");
    assertThat(config.http().port()).isEqualTo(8765);
    assertThat(config.models().files()).isEmpty();
    assertThat(config.models().defaultModel()).isEmpty();
  }

  @Test
  void letsFlagsOverrideTheEnvironmentOverrideTheFileOverrideTheDefault() throws IOException {
    Path file = file("http: {host: a, port: 1}\nsafety: {input-budget-ms: 3}");
    ParleyConfig config =
        load(
            Map.of("PARLEY_HTTP_HOST", "b", "PARLEY_HTTP_PORT", "2"),
            ConfigFlags.none().with("--port", "http.port", 3),
            file);
    assertThat(config.http().port()).isEqualTo(3);
    assertThat(config.http().host()).isEqualTo("b");
    assertThat(config.safety().inputBudgetMs()).isEqualTo(3);
    assertThat(config.safety().lookAheadTokens()).isEqualTo(12);
  }

  @Test
  void readsTheFileInTheDataDirectory() throws IOException {
    Path data = Files.createDirectory(directory.resolve("elsewhere"));
    Files.writeString(data.resolve("parley.yaml"), "http:\n  port: 9000\n");
    ParleyConfig byFlag =
        load(Map.of(), ConfigFlags.none().with("--data", "data", "elsewhere"), null);
    assertThat(byFlag.http().port()).isEqualTo(9000);
    ParleyConfig byEnvironment =
        load(Map.of("PARLEY_DATA", data.toString()), ConfigFlags.none(), null);
    assertThat(byEnvironment.http().port()).isEqualTo(9000);
  }

  @Test
  void readsTablesFromFileEnvironmentAndFlags() throws IOException {
    Path file =
        file(
            """
            models:
              files:
                one: weights/one.gguf
                two: /srv/two.gguf
              aliases:
                claude-*: one
            """);
    ParleyConfig config = load(Map.of(), ConfigFlags.none(), file);
    assertThat(config.models().files())
        .containsExactly(
            Map.entry("one", directory.resolve("weights/one.gguf")),
            Map.entry("two", Path.of("/srv/two.gguf")));
    assertThat(config.models().aliases()).containsExactly(Map.entry("claude-*", "one"));

    ParleyConfig other =
        load(
            Map.of("PARLEY_MODELS_ALIASES", "a=x, b=y"),
            ConfigFlags.none().withTable("--model", "models.files", Map.of("x", "x.gguf")),
            file);
    assertThat(other.models().aliases()).containsExactly(Map.entry("a", "x"), Map.entry("b", "y"));
    assertThat(other.models().files()).containsExactly(Map.entry("x", directory.resolve("x.gguf")));
  }

  @Test
  void takesPathsInTheFileRelativeToTheFile() throws IOException {
    Path inner = Files.createDirectory(directory.resolve("etc"));
    Path file = Files.writeString(inner.resolve("p.yaml"), "data: ../store");
    assertThat(load(Map.of(), ConfigFlags.none(), file).data())
        .isEqualTo(directory.resolve("store"));
  }

  @Test
  void refusesUnknownSettingsWithTheirLineAndTheNearestName() throws IOException {
    Path file = file("http:\n  host: a\n  prot: 1\nsafty:\n  budget-ms: 1\n");
    assertThat(problems(Map.of(), file))
        .containsExactly(
            file + " line 3: there is no setting 'http.prot'; did you mean 'http.port'?",
            file + " line 4: there is no setting 'safty'; did you mean 'safety'?");
  }

  @Test
  void refusesWrongTypesAndRangesAndSaysWhatIsRight() throws IOException {
    Path file =
        file("http:\n  port: 70000\n  max-body-bytes: many\n  http2-clear-text: on\nsafety: 3\n");
    assertThat(problems(Map.of("PARLEY_SAFETY_INPUT_BUDGET_MS", "0"), file))
        .containsExactlyInAnyOrder(
            file + " line 2: http.port must be a whole number from 0 to 65535, not '70000'",
            file
                + " line 3: http.max-body-bytes must be a whole number from 1024 to 2147483647,"
                + " not 'many'",
            file + " line 4: http.http2-clear-text must be true or false, not 'on'",
            file + " line 5: safety must be a section: its settings stand indented below it",
            "PARLEY_SAFETY_INPUT_BUDGET_MS: safety.input-budget-ms must be a whole number from 1 to 60000,"
                + " not '0'");
  }

  @Test
  void refusesWhatHasTheWrongShape() throws IOException {
    assertThat(problems(Map.of(), file("models:\n  files: x.gguf\n")))
        .singleElement()
        .asString()
        .contains("line 2: models.files must be a table");
    assertThat(problems(Map.of(), file("http:\n  host: [a, b]\n")))
        .singleElement()
        .asString()
        .contains("line 2: http.host must be one value");
    assertThat(problems(Map.of(), file("- http\n"))).singleElement().asString().contains("line 1");
    assertThat(problems(Map.of(), file("http:\n  host: ''\n")))
        .singleElement()
        .asString()
        .contains("line 2: http.host must not be empty");
    assertThat(problems(Map.of(), file("models:\n  files:\n    a: [b]\n")))
        .singleElement()
        .asString()
        .contains("models.files.a must be one value");
  }

  @Test
  void saysWhereTheFileIsNoYaml() throws IOException {
    assertThat(problems(Map.of(), file("http:\n  port: 1\n port: 2\n")))
        .singleElement()
        .asString()
        .contains("line 3");
    assertThat(problems(Map.of(), file("http:\n  port: 1\n  port: 2\n")))
        .singleElement()
        .asString()
        .contains("line 3")
        .contains("Duplicate");
  }

  @Test
  void takesAnEmptyFileAndAnEmptySection() throws IOException {
    assertThat(load(Map.of(), ConfigFlags.none(), file("")).http().port()).isEqualTo(8765);
    assertThat(load(Map.of(), ConfigFlags.none(), file("http:\n")).http().port()).isEqualTo(8765);
  }

  @Test
  void refusesVariablesThatLookLikeASettingAndLeavesOthers() {
    assertThat(
            problems(
                Map.of(
                    "PARLEY_HTTP_PROT", "1",
                    "PARLEY_JAVA_OPTS", "-Xmx1g",
                    "PARLEY_SERVICE_HOST", "10.0.0.1",
                    "PARLEY_MODELS_FILES", "a"),
                null))
        .containsExactly(
            "PARLEY_MODELS_FILES: models.files must be NAME=VALUE,NAME=VALUE, not 'a'",
            "there is no environment variable 'PARLEY_HTTP_PROT'; did you mean"
                + " 'PARLEY_HTTP_PORT'?");
  }

  @Test
  void saysThatTheNamedFileIsNotThere() {
    Path file = directory.resolve("none.yaml");
    assertThat(problems(Map.of(), file)).containsExactly(file + ": there is no such file");
  }

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("test.yaml"), text);
  }

  private ParleyConfig load(
      Map<String, String> environment, ConfigFlags flags, @Nullable Path file) {
    return new ConfigLoader(environment, directory).load(flags, file);
  }

  private List<String> problems(Map<String, String> environment, @Nullable Path file) {
    ConfigException thrown =
        catchThrowableOfType(
            ConfigException.class, () -> load(environment, ConfigFlags.none(), file));
    assertThat(thrown).isNotNull();
    return thrown.problems();
  }
}
