package io.parley.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The published description, held against what a server answers: whatever is in a response has to
 * be described, with its type, and whatever is required has to be there. It knows as much of JSON
 * Schema as the description uses. Immutable.
 */
final class DescribedApi {
  private static final DescribedApi PUBLISHED = new DescribedApi(read());

  private final JsonNode api;

  private DescribedApi(JsonNode api) {
    this.api = api;
  }

  static DescribedApi published() {
    return PUBLISHED;
  }

  JsonNode root() {
    return api;
  }

  /** Every operation, as method and path. */
  Set<String> operations() {
    Set<String> all = new TreeSet<>();
    for (Map.Entry<String, JsonNode> path : api.get("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        all.add(method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey());
      }
    }
    return all;
  }

  /** The operation that a request is for; empty if none is described. */
  Optional<String> operation(String method, String path) {
    return operations().stream()
        .filter(operation -> matches(operation.split(" ", 2), method, path))
        .min((one, other) -> Integer.compare(variables(one), variables(other)));
  }

  private static boolean matches(String[] operation, String method, String path) {
    String[] described = operation[1].split("/", -1);
    String[] asked = path.split("/", -1);
    boolean same = operation[0].equals(method) && described.length == asked.length;
    for (int i = 0; same && i < described.length; i++) {
      same = described[i].startsWith("{") || described[i].equals(asked[i]);
    }
    return same;
  }

  private static int variables(String operation) {
    return (int) operation.chars().filter(c -> c == '{').count();
  }

  /** What is wrong with a response in JSON; nothing if its status is not described for it. */
  List<String> problems(String operation, int status, JsonNode body) {
    String[] parts = operation.split(" ", 2);
    JsonNode responses =
        api.get("paths").get(parts[1]).get(parts[0].toLowerCase(Locale.ROOT)).get("responses");
    JsonNode response = responses.get(Integer.toString(status));
    if (response == null) {
      response = responses.get(status / 100 + "XX");
    }
    if (response == null) {
      return List.of(operation + " does not describe the status " + status);
    }
    List<String> problems = new ArrayList<>();
    for (JsonNode content : target(response).path("content")) {
      check(content.get("schema"), body, operation, problems);
      break; // the first is the one in JSON
    }
    return problems;
  }

  private JsonNode target(JsonNode node) {
    JsonNode reference = node.get("$ref");
    return reference == null ? node : target(api.at(reference.textValue().substring(1)));
  }

  private void check(JsonNode described, JsonNode value, String where, List<String> problems) {
    Set<String> known = new TreeSet<>();
    boolean closed = check(described, value, where, problems, known);
    if (closed && value.isObject()) {
      value
          .fieldNames()
          .forEachRemaining(
              name -> {
                if (!known.contains(name)) {
                  problems.add(where + " has a field that is not described: " + name);
                }
              });
    }
  }

  /** Whether all fields of the object are described. */
  private boolean check(
      JsonNode described, JsonNode value, String where, List<String> problems, Set<String> known) {
    JsonNode schema = target(described);
    JsonNode others = schema.path("additionalProperties");
    boolean closed = schema.has("properties") && !others.isObject() && !others.asBoolean(false);
    for (JsonNode part : schema.path("allOf")) {
      closed |= check(part, value, where, problems, known);
    }
    if (!isOfType(schema.path("type"), value)) {
      problems.add(where + " should be " + schema.get("type") + ", was " + value);
      return false;
    }
    checkValue(schema, value, where, problems);
    for (JsonNode name : schema.path("required")) {
      if (value.isObject() && !value.has(name.textValue())) {
        problems.add(where + " lacks " + name.textValue());
      }
    }
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      known.add(property.getKey());
      if (value.has(property.getKey())) {
        String name = where + "." + property.getKey();
        check(property.getValue(), value.get(property.getKey()), name, problems);
      }
    }
    if (schema.has("items") && value.isArray()) {
      value.forEach(item -> check(schema.get("items"), item, where + "[]", problems));
    }
    return closed;
  }

  private static void checkValue(
      JsonNode schema, JsonNode value, String where, List<String> problems) {
    if (schema.has("const") && !same(schema.get("const"), value)) {
      problems.add(where + " should be " + schema.get("const") + ", was " + value);
    }
    if (schema.has("enum")) {
      boolean listed = false;
      for (JsonNode choice : schema.get("enum")) {
        listed |= same(choice, value);
      }
      if (!listed) {
        problems.add(where + " should be one of " + schema.get("enum") + ", was " + value);
      }
    }
    if (schema.has("pattern") && value.isTextual()) {
      String pattern = schema.get("pattern").textValue();
      if (!java.util.regex.Pattern.compile(pattern).matcher(value.textValue()).find()) {
        problems.add(where + " should match " + pattern + ", was " + value);
      }
    }
  }

  private static boolean same(JsonNode described, JsonNode value) {
    return (described.isNumber() && value.isNumber())
        ? described.doubleValue() == value.doubleValue()
        : described.equals(value);
  }

  private static boolean isOfType(JsonNode type, JsonNode value) {
    if (type.isMissingNode()) {
      return true;
    }
    if (type.isArray()) {
      for (JsonNode each : type) {
        if (isOfType(each, value)) {
          return true;
        }
      }
      return false;
    }
    return switch (type.textValue()) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      case "null" -> value.isNull();
      default -> throw new IllegalArgumentException("a type of its own: " + type);
    };
  }

  private static JsonNode read() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("docs/api/openapi.yaml"))) {
      directory = Objects.requireNonNull(directory.getParent(), "no docs/api");
    }
    try {
      return new ObjectMapper(new YAMLFactory())
          .readTree(directory.resolve("docs/api/openapi.yaml").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
