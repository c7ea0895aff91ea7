package io.parley.chat.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.parley.common.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The published description and the routes of the core must not drift apart. */
class ChatApiDescriptionTest {
  @Test
  void everyRouteIsDescribedAndEveryDescriptionIsARoute(@TempDir Path directory)
      throws IOException {
    Set<String> described = new TreeSet<>();
    for (var path : read().get("paths").properties()) {
      for (var method : path.getValue().properties()) {
        if (method.getValue().at("/tags/0").asText().equals("conversations")) {
          described.add(method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey());
        }
      }
    }
    try (ChatWorld world = new ChatWorld(directory, TimeSource.system())) {
      Set<String> routes = new TreeSet<>();
      world
          .chat()
          .routes()
          .forEach(
              route ->
                  routes.add(
                      route.method()
                          + " "
                          + ChatHttp.ROOT
                          + route.path().replaceAll(":(\\w+)", "{$1}")));
      assertThat(routes).isEqualTo(described);
    }
  }

  @Test
  void everyReferenceHasATarget() throws IOException {
    JsonNode api = read();
    for (JsonNode reference : api.findValues("$ref")) {
      String path = reference.textValue();
      assertThat(api.at(path.substring(1)).isMissingNode()).as(path).isFalse();
    }
  }

  private static JsonNode read() throws IOException {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("docs/api/chat.yaml"))) {
      directory = Objects.requireNonNull(directory.getParent(), "no docs/api");
    }
    return new ObjectMapper(new YAMLFactory())
        .readTree(directory.resolve("docs/api/chat.yaml").toFile());
  }
}
