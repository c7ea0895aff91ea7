package io.parley.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.parley.gateway.messages.FieldTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The published description and the server must not drift apart. */
class OpenApiTest {
  private final JsonNode api = read();

  @Test
  void everyRouteIsDescribedAndEveryDescriptionIsARoute(@TempDir Path directory) {
    Set<String> described = new TreeSet<>();
    api.get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method ->
                            described.add(
                                method.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey())));
    try (AdminServer server = new AdminServer(directory)) {
      assertThat(server.gateway.gateway.routes()).containsExactlyInAnyOrderElementsOf(described);
    }
  }

  @Test
  void everyFieldOfARequestIsDescribedAndTheReverse() {
    assertThat(fields("MessagesRequest")).isEqualTo(FieldTables.messages());
    assertThat(fields("CountTokensRequest")).isEqualTo(FieldTables.countTokens());
  }

  @Test
  void everyReferenceHasATarget() {
    for (JsonNode reference : api.findValues("$ref")) {
      String path = reference.textValue();
      assertThat(api.at(path.substring(1)).isMissingNode()).as(path).isFalse();
    }
  }

  @Test
  void everyErrorTypeIsDescribed() {
    Set<String> types = new TreeSet<>();
    api.at("/components/schemas/Error/properties/error/properties/type/enum")
        .forEach(type -> types.add(type.textValue()));
    Set<String> codes = new TreeSet<>();
    for (io.parley.common.ErrorCode code : io.parley.common.ErrorCode.values()) {
      codes.add(code.wireName());
    }
    assertThat(types).isEqualTo(codes);
  }

  private Set<String> fields(String schema) {
    Set<String> fields = new TreeSet<>();
    api.at("/components/schemas/" + schema + "/properties")
        .fieldNames()
        .forEachRemaining(fields::add);
    return fields;
  }

  private static JsonNode read() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("docs/api/openapi.yaml"))) {
      directory = java.util.Objects.requireNonNull(directory.getParent(), "no docs/api");
    }
    try {
      return new ObjectMapper(new YAMLFactory())
          .readTree(directory.resolve("docs/api/openapi.yaml").toFile());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
