package io.parley.gateway.messages;

import io.parley.gateway.json.Field;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads {@code tools} and {@code tool_choice}. No model of this server calls tools: tools that are
 * merely offered are accepted, with a notice, because clients offer theirs in every request; a
 * request that requires a call is refused.
 */
final class ToolsReader {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,128}");
  private static final List<String> CHOICES = List.of("auto", "any", "tool", "none");
  private static final Set<String> CHOICE_KEYS =
      Set.of("type", "name", "disable_parallel_tool_use");

  private ToolsReader() {}

  static void tools(Field tools, int maxTools, CacheMarkers markers, List<Notice> notices) {
    Set<String> names = new HashSet<>();
    for (Field tool : tools.items(maxTools)) {
      Field name = name(tool);
      markers.isMarked(tool);
      if (!names.add(name.text())) {
        throw name.error("tool names must be unique, and " + name.value() + " is there twice");
      }
    }
    if (!names.isEmpty()) {
      notices.add(new Notice("tools", "offered, but {model} cannot call tools"));
    }
  }

  private static Field name(Field tool) {
    Field name = tool.object().require("name");
    if (!NAME.matcher(name.text()).matches()) {
      throw name.mustBe("1 to 128 letters, digits, _ or -");
    }
    tool.get("description").ifPresent(Field::text);
    String type = tool.get("type").map(Field::text).orElse("custom");
    if (type.equals("custom")) {
      Field schema = tool.require("input_schema").object();
      schema.require("type").oneOf(List.of("object"));
    }
    return name;
  }

  static void choice(Field choice) {
    choice.object(CHOICE_KEYS);
    choice.get("disable_parallel_tool_use").ifPresent(Field::bool);
    Field type = choice.require("type");
    switch (type.oneOf(CHOICES)) {
      case "any" -> throw type.error("\"any\" requires a tool call" + UNABLE);
      case "tool" -> {
        choice.require("name").text();
        throw type.error("\"tool\" requires a tool call" + UNABLE);
      }
      default -> {}
    }
  }

  private static final String UNABLE =
      ", and no model of this server can call tools; use \"auto\" or \"none\"";
}
