package io.parley.model.gguf;

import io.parley.model.source.WeightFile;
import io.parley.model.tensor.Tensor;
import io.parley.model.tensor.TensorBytes;
import io.parley.model.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the tensor directory of a file and places its entries in the data part. */
final class TensorReader {
  /** An empty name, one dimension, a type and an offset. */
  private static final int MINIMUM_ENTRY_BYTES = 8 + 4 + 8 + 4 + 8;

  private final GgufCursor in;
  private final WeightFile file;
  private final long alignment;

  /**
   * @param in stands at the tensor directory of the file
   */
  TensorReader(GgufCursor in, WeightFile file, long alignment) {
    this.in = in;
    this.file = file;
    this.alignment = alignment;
  }

  static int minimumEntryBytes() {
    return MINIMUM_ENTRY_BYTES;
  }

  /**
   * One entry of the directory.
   *
   * @param at where the entry stands, for errors
   * @param offset from the start of the data part
   */
  private record Entry(
      long at, String name, List<Long> dimensions, TensorType type, long offset, long length) {}

  Map<String, Tensor> read(int count) {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      entries.add(readEntry(i));
    }
    long start = GgufFormat.align(in.position(), alignment);
    long available = file.byteSize() - start;
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Entry entry : entries) {
      requireInside(entry, available);
      TensorBytes bytes = file.part(start + entry.offset, entry.length);
      Tensor tensor = new Tensor(entry.name, entry.dimensions, entry.type, bytes);
      if (tensors.put(entry.name, tensor) != null) {
        throw in.failure(entry.at, "tensor " + entry.name + " occurs twice");
      }
    }
    requireDisjoint(entries);
    return tensors;
  }

  private Entry readEntry(int index) {
    long at = in.position();
    String name = in.readString("the name of tensor " + index, GgufFormat.MAX_NAME_BYTES);
    List<Long> dimensions = readDimensions(name);
    TensorType type = readType(name);
    long offset = in.readLong("the offset of tensor " + name);
    return new Entry(at, name, dimensions, type, offset, length(name, dimensions, type));
  }

  private List<Long> readDimensions(String name) {
    int count = in.readInt("the dimension count of tensor " + name);
    if (count < 1 || count > GgufFormat.MAX_DIMENSIONS) {
      throw in.failure(
          in.position() - 4,
          "tensor %s has %s dimensions, not 1 to 4"
              .formatted(name, Integer.toUnsignedString(count)));
    }
    List<Long> dimensions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long dimension = in.readLong("a dimension of tensor " + name);
      if (dimension < 1) {
        throw in.failure(
            in.position() - 8,
            "tensor %s has dimension %s, not 1 to 2^63 - 1"
                .formatted(name, Long.toUnsignedString(dimension)));
      }
      dimensions.add(dimension);
    }
    return dimensions;
  }

  private TensorType readType(String name) {
    int code = in.readInt("the type of tensor " + name);
    return TensorType.of(code)
        .orElseThrow(
            () ->
                in.failure(
                    in.position() - 4,
                    ("tensor %s has type %s (%s), which is not supported; " + "supported are %s")
                        .formatted(
                            name,
                            Integer.toUnsignedString(code),
                            GgufFormat.unsupportedTensorTypeName(code),
                            Arrays.toString(TensorType.values()))));
  }

  private long length(String name, List<Long> dimensions, TensorType type) {
    if (dimensions.getFirst() % type.blockLength() != 0) {
      throw in.failure(
          "tensor %s has rows of %d, no multiple of %d as %s needs"
              .formatted(name, dimensions.getFirst(), type.blockLength(), type));
    }
    try {
      return type.bytes(dimensions.stream().reduce(1L, Math::multiplyExact));
    } catch (ArithmeticException e) {
      throw in.failure("tensor " + name + " with dimensions " + dimensions + " is too large");
    }
  }

  private void requireInside(Entry entry, long available) {
    if ((entry.offset & (alignment - 1)) != 0) {
      throw in.failure(
          entry.at,
          "tensor %s has offset %s, no multiple of %d"
              .formatted(entry.name, Long.toUnsignedString(entry.offset), alignment));
    }
    if (entry.offset < 0 || entry.offset > available || entry.length > available - entry.offset) {
      throw in.failure(
          entry.at,
          "tensor %s of %d bytes at offset %s of the data part lies outside of its %d bytes"
              .formatted(
                  entry.name,
                  entry.length,
                  Long.toUnsignedString(entry.offset),
                  Math.max(0, available)));
    }
  }

  /** Tensors that share bytes would let a small file unfold into a large model. */
  private void requireDisjoint(List<Entry> entries) {
    List<Entry> sorted = new ArrayList<>(entries);
    sorted.sort(Comparator.comparingLong(Entry::offset));
    for (int i = 1; i < sorted.size(); i++) {
      Entry before = sorted.get(i - 1);
      Entry entry = sorted.get(i);
      if (before.offset + before.length > entry.offset) {
        throw in.failure(entry.at, "tensors " + before.name + " and " + entry.name + " overlap");
      }
    }
  }
}
