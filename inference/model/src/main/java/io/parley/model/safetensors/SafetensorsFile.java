package io.parley.model.safetensors;

import io.parley.model.source.ModelFileException;
import io.parley.model.source.StrictJson;
import io.parley.model.source.WeightFile;
import io.parley.model.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Map;

/**
 * Reads the head of a file: eight bytes with the length of a header, the header in JSON, then the
 * tensors' data without gaps.
 */
final class SafetensorsFile {
  /** Bytes of a header; the reference implementation has the same limit. */
  static final long MAX_HEADER_BYTES = 100_000_000;

  private static final int LENGTH_BYTES = 8;
  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private SafetensorsFile() {}

  /**
   * The tensors of a file, readable as long as it is open.
   *
   * @throws ModelFileException if the file is damaged, hostile or not supported
   * @throws IOException if it cannot be read
   */
  static Map<String, Tensor> read(WeightFile file) throws IOException {
    return file.readHead(bytes -> read(file, bytes));
  }

  private static Map<String, Tensor> read(WeightFile file, MemorySegment bytes) throws IOException {
    long available = bytes.byteSize() - LENGTH_BYTES;
    long length = available < 0 ? -1 : bytes.get(LENGTH, 0);
    if (length < 0 || length > available || length > MAX_HEADER_BYTES) {
      throw new ModelFileException(
          "%s: this is no safetensors file: its header of %s bytes must fit into the %d bytes after it and into %d"
              .formatted(
                  file.name(),
                  Long.toUnsignedString(length),
                  Math.max(0, available),
                  MAX_HEADER_BYTES));
    }
    byte[] header = bytes.asSlice(LENGTH_BYTES, length).toArray(ValueLayout.JAVA_BYTE);
    try {
      return StrictJson.read(
          file.name(),
          new ByteArrayInputStream(header),
          parser -> new SafetensorsHeader(file, LENGTH_BYTES + length).read(parser));
    } catch (IllegalArgumentException e) {
      throw new ModelFileException(file.name() + ": " + e.getMessage());
    }
  }
}
