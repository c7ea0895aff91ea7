package io.parley.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.parley.common.ParleyException;
import io.parley.server.config.ParleyConfig.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCatalogueTest {
  private static final Models NOTHING_SET =
      new Models(Map.of(), Map.of(), Optional.empty(), Map.of(), Map.of(), Map.of());

  @TempDir Path home;
  private Path models;

  @BeforeEach
  void makeModels() throws IOException {
    models = Files.createDirectory(home.resolve("models"));
  }

  @Test
  void servesWhatShipsAndPrefersTheBaseModel() throws IOException {
    file("parley-mini.gguf");
    file("parley-base.gguf");
    file("a-small.gguf");
    file("README.md");
    ModelCatalogue catalogue = ModelCatalogue.of(NOTHING_SET, home);
    assertThat(catalogue.files().keySet()).containsExactly("a-small", "parley-base", "parley-mini");
    assertThat(catalogue.defaultModel()).isEqualTo("parley-base");
    assertThat(catalogue.aliases()).containsExactly(Map.entry("claude-*", "parley-base"));
  }

  @Test
  void servesTheNamedFilesAloneAndPrefersTheFirst() throws IOException {
    file("parley-base.gguf");
    Models settings =
        new Models(
            Map.of("mine", file("other.gguf")),
            Map.of(),
            Optional.empty(),
            Map.of("x", "mine"),
            Map.of(),
            Map.of());
    ModelCatalogue catalogue = ModelCatalogue.of(settings, home);
    assertThat(catalogue.files().keySet()).containsExactly("mine");
    assertThat(catalogue.defaultModel()).isEqualTo("mine");
    assertThat(catalogue.aliases()).containsExactly(Map.entry("x", "mine"));
  }

  @Test
  void saysThatThereIsNoModelAndHowToNameOne() {
    refuses(NOTHING_SET, models.toString(), "--model NAME=FILE");
  }

  @Test
  void saysWhichNameOrFileIsWrong() throws IOException {
    file("parley-base.gguf");
    refuses(
        new Models(Map.of(), Map.of(), Optional.of("parly-base"), Map.of(), Map.of(), Map.of()),
        "models.default-model",
        "did you mean 'parley-base'?");
    refuses(
        new Models(Map.of(), Map.of(), Optional.empty(), Map.of("gpt", "base"), Map.of(), Map.of()),
        "models.aliases.gpt",
        "'base'");
    refuses(
        new Models(
            Map.of("m", home.resolve("none.gguf")),
            Map.of(),
            Optional.empty(),
            Map.of(),
            Map.of(),
            Map.of()),
        "models.files.m",
        "none.gguf");
    Map<String, Path> files = Map.of("m", file("other.gguf"));
    refuses(
        new Models(
            files,
            Map.of("m", home.resolve("none.gguf")),
            Optional.empty(),
            Map.of(),
            Map.of(),
            Map.of()),
        "models.drafts.m",
        "none.gguf");
    refuses(
        new Models(
            files, Map.of("n", file("d.gguf")), Optional.empty(), Map.of(), Map.of(), Map.of()),
        "'n'");
    refuses(
        new Models(files, Map.of(), Optional.empty(), Map.of(), Map.of("m", "n"), Map.of()),
        "models.fallbacks.m",
        "'n'");
    refuses(
        new Models(files, Map.of(), Optional.empty(), Map.of(), Map.of("n", "m"), Map.of()),
        "models.fallbacks",
        "'n'");
    refuses(
        new Models(files, Map.of(), Optional.empty(), Map.of(), Map.of("m", "m"), Map.of()),
        "models.fallbacks.m",
        "itself");
    refuses(
        new Models(
            files,
            Map.of(),
            Optional.empty(),
            Map.of(),
            Map.of(),
            Map.of("m", home.resolve("none.txt"))),
        "models.safety.m",
        "none.txt");
    refuses(
        new Models(
            files, Map.of(), Optional.empty(), Map.of(), Map.of(), Map.of("n", file("rules.txt"))),
        "models.safety",
        "'n'");
  }

  private void refuses(Models settings, String... words) {
    ThrowingCallable call = () -> ModelCatalogue.of(settings, home);
    assertThatExceptionOfType(ParleyException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.getMessage()).contains(words));
  }

  private Path file(String name) throws IOException {
    return Files.writeString(models.resolve(name), "");
  }
}
