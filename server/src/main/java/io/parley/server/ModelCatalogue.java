package io.parley.server;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.server.config.NearestName;
import io.parley.server.config.ParleyConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Which models are served and under which names. Immutable.
 *
 * @param files name to file, in the order given
 * @param defaultModel a name in {@code files}
 * @param aliases pattern to a name in {@code files}, the first that fits counts
 * @param fallbacks name in {@code files} to another that stands in for it
 */
record ModelCatalogue(
    Map<String, Path> files,
    String defaultModel,
    Map<String, String> aliases,
    Map<String, String> fallbacks) {
  private static final String ENDING = ".gguf";
  private static final String PREFERRED = "parley-base";
  private static final String CLAUDE_NAMES = "claude-*";

  ModelCatalogue {
    files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
    aliases = Collections.unmodifiableMap(new LinkedHashMap<>(aliases));
    fallbacks = Map.copyOf(fallbacks);
  }

  /**
   * From the settings, and from the models of the installation if they name none.
   *
   * @throws ParleyException INVALID_REQUEST if there is no model, or a name has no model
   */
  static ModelCatalogue of(ParleyConfig.Models settings, Path home) {
    Map<String, Path> files = settings.files().isEmpty() ? shipped(home) : settings.files();
    files.forEach((name, file) -> requireFile("models.files." + name, file));
    settings.drafts().forEach((name, file) -> requireFile("models.drafts." + name, file));
    settings.drafts().forEach((name, _) -> requireName(files, "models.drafts", name));
    settings.safety().forEach((name, file) -> requireFile("models.safety." + name, file));
    settings.safety().forEach((name, _) -> requireName(files, "models.safety", name));
    String defaultModel = settings.defaultModel().orElseGet(() -> preferred(files));
    requireName(files, "models.default-model", defaultModel);
    settings.aliases().forEach((name, to) -> requireName(files, "models.aliases." + name, to));
    settings.fallbacks().forEach((name, to) -> requireFallback(files, name, to));
    Map<String, String> aliases =
        settings.aliases().isEmpty() ? Map.of(CLAUDE_NAMES, defaultModel) : settings.aliases();
    return new ModelCatalogue(files, defaultModel, aliases, settings.fallbacks());
  }

  private static Map<String, Path> shipped(Path home) {
    Path directory = home.resolve("models");
    Map<String, Path> found = new LinkedHashMap<>();
    if (Files.isDirectory(directory)) {
      try (Stream<Path> files = Files.list(directory)) {
        files
            .filter(file -> file.toString().endsWith(ENDING))
            .sorted()
            .forEach(file -> found.put(nameOf(file), file));
      } catch (IOException e) {
        throw new ParleyException(
            ErrorCode.INVALID_REQUEST, directory + " cannot be read: " + e, e);
      }
    }
    if (found.isEmpty()) {
      throw ParleyException.invalid(
          "there is no model to serve: no *%s in %s. Name one with --model NAME=FILE"
              .formatted(ENDING, directory.toAbsolutePath()));
    }
    return found;
  }

  private static String nameOf(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.substring(0, name.length() - ENDING.length());
  }

  private static String preferred(Map<String, Path> files) {
    return files.containsKey(PREFERRED) ? PREFERRED : files.keySet().iterator().next();
  }

  private static void requireFallback(Map<String, Path> files, String name, String to) {
    requireName(files, "models.fallbacks", name);
    requireName(files, "models.fallbacks." + name, to);
    if (name.equals(to)) {
      throw ParleyException.invalid(
          "models.fallbacks.%s: a model cannot stand in for itself".formatted(name));
    }
  }

  private static void requireFile(String setting, Path file) {
    if (!Files.exists(file)) {
      throw ParleyException.invalid("%s: there is no file %s".formatted(setting, file));
    }
  }

  private static void requireName(Map<String, Path> files, String setting, String name) {
    if (!files.containsKey(name)) {
      throw ParleyException.invalid(
          "%s: there is no model '%s'; did you mean '%s'?"
              .formatted(setting, name, NearestName.of(name, files.keySet()).orElseThrow()));
    }
  }
}
