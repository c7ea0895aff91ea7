package io.parley.server.config;

import java.util.List;

/** The documentation of all settings, made from the records that hold them. */
public final class ConfigReference {
  private static final String HEAD =
      """
      # Configuration

      <!-- Made from the code by `./parley serve --help-config`; a test keeps it current. -->

      Nothing needs to be set. Each setting below has a default; the first of these that gives it counts:

      1. a flag of the command line (`./parley serve --help`);
      2. the environment variable in the table;
      3. the YAML file that `--config` names, otherwise `parley.yaml` in the data directory if it is there;
      4. the default.

      ```yaml
      http:
        port: 9000
      models:
        files:
          my-model: /srv/models/my-model.gguf
        aliases:
          claude-*: my-model
      ```

      An unknown setting is refused with its line and the nearest right name; so is an environment variable that begins like
      a section and names no setting. Relative paths are relative to the file that they stand in, otherwise to the working
      directory. In an environment variable a table is written `name=value,name=value`.
      """;

  private ConfigReference() {}

  /** The reference as Markdown. */
  public static String markdown() {
    ConfigSchema schema = new ConfigSchema(ParleyConfig.class);
    StringBuilder out = new StringBuilder(HEAD);
    table(out, schema.settings().stream().filter(key -> !key.path().contains(".")).toList());
    for (ConfigKey section : schema.sections()) {
      out.append("\n## ").append(section.path()).append("\n\n");
      out.append(section.setting().value()).append('\n');
      String prefix = section.path() + ".";
      table(out, schema.settings().stream().filter(key -> isDirectly(key, prefix)).toList());
    }
    return out.toString();
  }

  private static boolean isDirectly(ConfigKey key, String prefix) {
    return key.path().startsWith(prefix) && key.path().indexOf('.', prefix.length()) < 0;
  }

  private static void table(StringBuilder out, List<ConfigKey> settings) {
    out.append("\n| setting | default | environment | |\n|---|---|---|---|\n");
    for (ConfigKey key : settings) {
      out.append(
          "| `%s` | %s | `%s` | %s |\n"
              .formatted(key.path(), byDefault(key), key.environmentName(), what(key)));
    }
  }

  private static String byDefault(ConfigKey key) {
    String text = key.setting().byDefault();
    return text.isEmpty() ? "none" : "`" + text + "`";
  }

  private static String what(ConfigKey key) {
    Setting setting = key.setting();
    if (key.type() != int.class && key.type() != double.class) {
      return setting.value();
    }
    return setting.max() == Integer.MAX_VALUE
        ? "%s At least %d.".formatted(setting.value(), setting.min())
        : "%s From %d to %d.".formatted(setting.value(), setting.min(), setting.max());
  }
}
