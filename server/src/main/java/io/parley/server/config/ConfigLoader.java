package io.parley.server.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Puts the configuration together. For each setting the first of these that gives it counts:
 *
 * <ol>
 *   <li>a flag of the command line
 *   <li>the environment, {@code PARLEY_SECTION_KEY}
 *   <li>the file: the one that {@code --config} names, otherwise {@code parley.yaml} in the data
 *       directory if it is there
 *   <li>the default
 * </ol>
 */
public final class ConfigLoader {
  private static final String FILE_NAME = "parley.yaml";

  private final ConfigSchema schema = new ConfigSchema(ParleyConfig.class);
  private final Map<String, String> environment;
  private final Path workingDirectory;

  public ConfigLoader(Map<String, String> environment, Path workingDirectory) {
    this.environment = environment;
    this.workingDirectory = workingDirectory;
  }

  /**
   * Loads it.
   *
   * @param flags what flags of the command line set
   * @param file the file that {@code --config} names
   * @throws ConfigException with all that is wrong
   */
  public ParleyConfig load(ConfigFlags flags, @Nullable Path file) {
    List<String> problems = new ArrayList<>();
    Map<String, GivenValue> above = new LinkedHashMap<>(fromEnvironment(problems));
    above.putAll(flags.values(workingDirectory));
    Map<String, GivenValue> given = new LinkedHashMap<>(fromFile(file, above, problems));
    given.putAll(above);
    ParleyConfig config =
        new ConfigBinder(schema, given, workingDirectory, problems).bind(ParleyConfig.class);
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return config;
  }

  private Map<String, GivenValue> fromFile(
      @Nullable Path named, Map<String, GivenValue> above, List<String> problems) {
    if (named != null) {
      return ConfigFile.read(workingDirectory.resolve(named), schema, problems);
    }
    Path usual = dataDirectory(above).resolve(FILE_NAME);
    return Files.exists(usual) ? ConfigFile.read(usual, schema, problems) : Map.of();
  }

  /** Where the data is before the file has spoken, which is where the file is looked for. */
  private Path dataDirectory(Map<String, GivenValue> above) {
    List<String> ignored = new ArrayList<>(); // it is reported when the whole is bound
    return new ConfigBinder(schema, above, workingDirectory, ignored).dataDirectory();
  }

  private Map<String, GivenValue> fromEnvironment(List<String> problems) {
    Map<String, GivenValue> given = new LinkedHashMap<>();
    for (ConfigKey key : schema.settings()) {
      String text = environment.get(key.environmentName());
      if (text != null) {
        try {
          String origin = key.environmentName();
          given.put(key.path(), GivenValue.parse(key, text, origin, workingDirectory));
        } catch (IllegalArgumentException e) {
          problems.add("%s: %s %s".formatted(key.environmentName(), key.path(), e.getMessage()));
        }
      }
    }
    problems.addAll(unknownVariables());
    return given;
  }

  /**
   * Variables that look like a setting of ours and are none. Others that begin with PARLEY_ are let
   * be: the launcher has some, and Kubernetes makes some for a service of that name.
   */
  private List<String> unknownVariables() {
    List<String> settings = schema.settings().stream().map(ConfigKey::environmentName).toList();
    List<String> sections =
        schema.sections().stream().map(key -> key.environmentName() + "_").toList();
    return new TreeSet<>(environment.keySet())
        .stream()
            .filter(name -> sections.stream().anyMatch(name::startsWith))
            .filter(name -> !settings.contains(name))
            .map(
                name ->
                    "there is no environment variable '%s'; did you mean '%s'?"
                        .formatted(name, NearestName.of(name, settings).orElseThrow()))
            .toList();
  }
}
