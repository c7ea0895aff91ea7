package io.parley.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads server-sent events. */
final class Events {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final BufferedReader reader;

  Events(InputStream in) {
    this(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  private Events(Reader in) {
    reader = new BufferedReader(in);
  }

  /** One event; its name is also its data's type. */
  record Event(String name, JsonNode data, String id) {}

  static List<Event> all(String text) {
    return new Events(new StringReader(text)).rest();
  }

  List<Event> rest() {
    List<Event> all = new ArrayList<>();
    for (Optional<Event> event = next(); event.isPresent(); event = next()) {
      all.add(event.get());
    }
    return all;
  }

  /** Empty at the end of the stream. */
  Optional<Event> next() {
    try {
      String name = reader.readLine();
      if (name == null) {
        return Optional.empty();
      }
      String data = reader.readLine();
      String id = reader.readLine();
      String empty = reader.readLine();
      if (data == null || id == null || empty == null || !empty.isEmpty()) {
        throw new AssertionError("not an event: " + name + " / " + data + " / " + id);
      }
      return Optional.of(
          new Event(
              strip(name, "event: "), MAPPER.readTree(strip(data, "data: ")), strip(id, "id: ")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads on until an event of that name. */
  Event await(String name) {
    for (Optional<Event> event = next(); event.isPresent(); event = next()) {
      if (event.get().name().equals(name)) {
        return event.get();
      }
    }
    throw new AssertionError("the stream ended without " + name);
  }

  static List<String> names(List<Event> events) {
    return events.stream().map(Event::name).toList();
  }

  /** All text of all deltas. */
  static String text(List<Event> events) {
    StringBuilder text = new StringBuilder();
    for (Event event : events) {
      text.append(event.data().at("/delta/text").asText(""));
    }
    return text.toString();
  }

  static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String strip(String line, String prefix) {
    if (!line.startsWith(prefix)) {
      throw new AssertionError("expected " + prefix + ", got " + line);
    }
    return line.substring(prefix.length());
  }
}
