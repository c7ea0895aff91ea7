package io.parley.chat.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.parley.common.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The published description and the routes of the core must not drift apart. */
class ChatApiDescriptionTest {
  @Test
  void everyRouteIsDescribedAndEveryDescriptionIsARoute(@TempDir Path directory)
      throws IOException {
    try (ChatWorld world = new ChatWorld(directory, TimeSource.system())) {
      assertThat(served(world.chat().routes())).isEqualTo(described("conversations"));
    }
  }

  @Test
  void everyRouteOfPeopleAndOfTheArchiveIsDescribedToo(@TempDir Path directory) throws IOException {
    try (ArchiveWorld world = new ArchiveWorld(directory)) {
      assertThat(served(world.archive().routes())).isEqualTo(described("accounts"));
    }
  }

  private static Set<String> described(String tag) throws IOException {
    Set<String> described = new TreeSet<>();
    for (var path : read().get("paths").properties()) {
      for (var method : path.getValue().properties()) {
        if (method.getValue().at("/tags/0").asText().equals(tag)) {
          described.add(method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey());
        }
      }
    }
    return described;
  }

  /** Routes in OpenAPI's spelling. */
  private static Set<String> served(List<ChatRoute> routes) {
    return routes.stream()
        .map(
            route ->
                route.method() + " " + ChatHttp.ROOT + route.path().replaceAll(":(\\w+)", "{$1}"))
        .collect(Collectors.toCollection(TreeSet::new));
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
