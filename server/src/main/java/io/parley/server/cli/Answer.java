package io.parley.server.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.parley.gateway.administration.AdminJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Prints what a command found or did: in columns for people, or as one JSON object. */
record Answer(PrintWriter out, boolean json) {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final String GAP = "  ";

  /** Writes one JSON value. */
  @FunctionalInterface
  private interface Body {
    void write(JsonGenerator to) throws IOException;
  }

  /** A table, or {@code {"data": […]}}. */
  <T> void list(
      List<T> items, AdminJson.Shape<T> shape, List<String> heads, Function<T, List<String>> row) {
    if (json) {
      print(
          to -> {
            to.writeStartObject();
            to.writeArrayFieldStart("data");
            for (T item : items) {
              shape.write(to, item);
            }
            to.writeEndArray();
            to.writeEndObject();
          });
      return;
    }
    List<List<String>> lines = new ArrayList<>();
    lines.add(heads.stream().map(head -> head.toUpperCase(Locale.ROOT)).toList());
    items.forEach(item -> lines.add(row.apply(item)));
    table(lines);
  }

  /** A sentence, or the object. */
  <T> void one(T item, AdminJson.Shape<T> shape, String sentence) {
    if (json) {
      print(to -> shape.write(to, item));
    } else {
      out.println(sentence);
    }
  }

  private void table(List<List<String>> lines) {
    int[] widths = new int[lines.getFirst().size()];
    for (List<String> line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    for (List<String> line : lines) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        text.append(line.get(i)).append(" ".repeat(widths[i] - line.get(i).length())).append(GAP);
      }
      out.println(text.toString().stripTrailing());
    }
  }

  private void print(Body body) {
    StringWriter text = new StringWriter();
    try (JsonGenerator to = FACTORY.createGenerator(text)) {
      body.write(to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.println(text);
  }
}
