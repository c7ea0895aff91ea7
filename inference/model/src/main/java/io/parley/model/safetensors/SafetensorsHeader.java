package io.parley.model.safetensors;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.parley.model.source.WeightFile;
import io.parley.model.tensor.Tensor;
import io.parley.model.tensor.TensorBytes;
import io.parley.model.tensor.TensorType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the directory of a file and places its entries in the data. What is wrong is an
 * IllegalArgumentException that names the tensor.
 */
final class SafetensorsHeader {
  private static final String METADATA = "__metadata__";
  private static final int MAX_DIMENSIONS = 4;
  private static final int MAX_NAME_LENGTH = 65_535;

  private final WeightFile file;
  private final long dataStart;
  private final long dataBytes;

  /**
   * @param dataStart where in the file the data begins
   */
  SafetensorsHeader(WeightFile file, long dataStart) {
    this.file = file;
    this.dataStart = dataStart;
    this.dataBytes = file.byteSize() - dataStart;
  }

  /**
   * One entry.
   *
   * @param dimensions from the innermost
   * @param begin in the data, as is {@code end}
   */
  private record Entry(String name, TensorType type, List<Long> dimensions, long begin, long end) {}

  Map<String, Tensor> read(JsonParser in) throws IOException {
    List<Entry> entries = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      in.nextToken();
      JsonNode node = in.readValueAsTree();
      if (!name.equals(METADATA)) {
        entries.add(entry(name, node));
      }
    }
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    requireWhole(entries);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Entry entry : entries) {
      TensorBytes bytes = file.part(dataStart + entry.begin, entry.end - entry.begin);
      tensors.put(entry.name, new Tensor(entry.name, entry.dimensions, entry.type, bytes));
    }
    return tensors;
  }

  private Entry entry(String name, JsonNode node) {
    if (name.length() > MAX_NAME_LENGTH) {
      throw new IllegalArgumentException(
          "the name of a tensor has more than %d characters".formatted(MAX_NAME_LENGTH));
    }
    TensorType type = type(name, node.path("dtype").asText(""));
    List<Long> dimensions = dimensions(name, node.path("shape"));
    JsonNode offsets = node.path("data_offsets");
    if (!offsets.isArray() || offsets.size() != 2) {
      throw failure(name, "data_offsets must be two numbers");
    }
    long begin = number(name, "data_offsets", offsets.get(0));
    long end = number(name, "data_offsets", offsets.get(1));
    long length = length(name, type, dimensions);
    if (begin > end || end > dataBytes || end - begin != length) {
      throw failure(
          name,
          "data_offsets [%d, %d] must be %d bytes of the %d that there are"
              .formatted(begin, end, length, dataBytes));
    }
    return new Entry(name, type, dimensions, begin, end);
  }

  private static TensorType type(String name, String dtype) {
    return switch (dtype) {
      case "F32" -> TensorType.F32;
      case "F16" -> TensorType.F16;
      case "BF16" -> TensorType.BF16;
      default ->
          throw failure(
              name,
              "dtype \"%s\" is not supported; supported are F32, F16 and BF16".formatted(dtype));
    };
  }

  private static List<Long> dimensions(String name, JsonNode shape) {
    if (!shape.isArray() || shape.isEmpty() || shape.size() > MAX_DIMENSIONS) {
      throw failure(name, "shape must be 1 to %d numbers".formatted(MAX_DIMENSIONS));
    }
    List<Long> dimensions = new ArrayList<>();
    for (JsonNode dimension : shape) {
      long value = number(name, "shape", dimension);
      if (value < 1) {
        throw failure(name, "shape must not hold 0");
      }
      dimensions.addFirst(value);
    }
    return dimensions;
  }

  private static long number(String name, String what, JsonNode node) {
    if (!node.isIntegralNumber() || !node.canConvertToLong() || node.asLong() < 0) {
      throw failure(name, "%s must be numbers from 0, below 2^63, not %s".formatted(what, node));
    }
    return node.asLong();
  }

  private static long length(String name, TensorType type, List<Long> dimensions) {
    try {
      return type.bytes(dimensions.stream().reduce(1L, Math::multiplyExact));
    } catch (ArithmeticException e) {
      throw failure(name, "shape %s is too large".formatted(dimensions.reversed()));
    }
  }

  /** Neither gaps nor overlaps: shared bytes would let a small file unfold into a large model. */
  private void requireWhole(List<Entry> entries) {
    long end = 0;
    for (Entry entry : entries) {
      if (entry.begin != end) {
        throw failure(
            entry.name, "data_offsets must begin at %d, not %d".formatted(end, entry.begin));
      }
      end = entry.end;
    }
    if (end != dataBytes) {
      throw new IllegalArgumentException(
          "the tensors end at byte %d of the data, which has %d".formatted(end, dataBytes));
    }
  }

  private static IllegalArgumentException failure(String name, String problem) {
    return new IllegalArgumentException("tensor " + name + ": " + problem);
  }
}
