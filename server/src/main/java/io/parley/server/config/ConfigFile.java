package io.parley.server.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the YAML file token by token, because a tree would no longer know its lines. Problems are
 * gathered, so that a person learns of all of them at once.
 */
final class ConfigFile {
  private final Path file;
  private final ConfigSchema schema;
  private final List<String> problems;
  private final Map<String, GivenValue> given = new LinkedHashMap<>();

  private ConfigFile(Path file, ConfigSchema schema, List<String> problems) {
    this.file = file;
    this.schema = schema;
    this.problems = problems;
  }

  /** What the file says, by path; what is wrong with it is added to {@code problems}. */
  static Map<String, GivenValue> read(Path file, ConfigSchema schema, List<String> problems) {
    ConfigFile reader = new ConfigFile(file, schema, problems);
    YAMLFactory yaml =
        YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    try (YAMLParser parser = yaml.createParser(Files.newBufferedReader(file))) {
      reader.document(parser);
    } catch (JsonProcessingException e) {
      problems.add(
          "%s line %d: %s".formatted(file, e.getLocation().getLineNr(), e.getOriginalMessage()));
    } catch (NoSuchFileException e) {
      problems.add(file + ": there is no such file");
    } catch (IOException e) {
      problems.add(file + ": cannot be read: " + e);
    }
    return reader.given;
  }

  private void document(YAMLParser parser) throws IOException {
    JsonToken first = parser.nextToken();
    if (first == JsonToken.START_OBJECT) {
      section(parser, "");
    } else if (first != null && first != JsonToken.VALUE_NULL) {
      problem(
          parser, "must hold sections with settings, such as 'http:' and below it '  port: 8765'");
    }
  }

  private void section(YAMLParser parser, String parent) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      String path = parent.isEmpty() ? name : parent + "." + name;
      Optional<ConfigKey> key = schema.find(path);
      if (key.isPresent()) {
        parser.nextToken();
        value(parser, key.get());
      } else {
        problem(parser, schema.unknown(path));
        parser.nextToken();
        parser.skipChildren();
      }
    }
  }

  private void value(YAMLParser parser, ConfigKey key) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NULL || (key.isSection() && isEmpty(parser))) {
      return; // "http:" with nothing below it
    }
    if (key.isSection() && token == JsonToken.START_OBJECT) {
      section(parser, key.path());
    } else if (key.isTable() && token == JsonToken.START_OBJECT) {
      String origin = origin(parser);
      given.put(key.path(), GivenValue.table(table(parser, key), origin, base()));
    } else if (!key.isSection() && !key.isTable() && isScalar(parser)) {
      given.put(key.path(), GivenValue.scalar(parser.getText(), origin(parser), base()));
    } else {
      problem(parser, "%s must be %s".formatted(key.path(), shape(key)));
      parser.skipChildren();
    }
  }

  private Map<String, String> table(YAMLParser parser, ConfigKey key) throws IOException {
    Map<String, String> entries = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      if (isScalar(parser)) {
        entries.put(name, parser.getText());
      } else {
        problem(parser, "%s.%s must be one value".formatted(key.path(), name));
        parser.skipChildren();
      }
    }
    return entries;
  }

  private static boolean isScalar(YAMLParser parser) {
    return parser.currentToken().isScalarValue()
        && parser.currentToken() != JsonToken.VALUE_NULL
        && !parser.isCurrentAlias();
  }

  private static boolean isEmpty(YAMLParser parser) throws IOException {
    return isScalar(parser) && parser.getText().isEmpty();
  }

  private static String shape(ConfigKey key) {
    if (key.isSection()) {
      return "a section: its settings stand indented below it";
    }
    return key.isTable() ? "a table: 'name: value' on indented lines below it" : "one value";
  }

  private void problem(YAMLParser parser, String what) {
    problems.add(origin(parser) + ": " + what);
  }

  private String origin(YAMLParser parser) {
    return file + " line " + parser.currentTokenLocation().getLineNr();
  }

  /** Relative paths in the file are relative to the file, wherever the server is started. */
  private Path base() {
    Path directory = file.toAbsolutePath().getParent();
    return directory == null ? file : directory;
  }
}
