package io.parley.model.gguf;

import io.parley.model.tensor.TensorEncoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes GGUF files, version 3, with the default alignment of 32 bytes. */
public final class GgufWriter {
  private static final int CHUNK_ELEMENTS = 1 << 16;
  private static final Set<StandardOpenOption> NEW_CONTENT =
      Set.of(
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE);

  private GgufWriter() {}

  /**
   * Writes a file in full or not at all: into a temporary file beside it, forced to the disk, then
   * renamed over {@code path}.
   *
   * @param metadata values are Integer (written as UINT32, not negative), Long (UINT64, not
   *     negative), Float, Boolean, String, or an array of String, int (INT32) or float; written in
   *     the map's order
   * @param tensors in the order in which they are written; names differ
   * @throws IllegalArgumentException if a value has another type, or a number does not fit its type
   */
  public static void write(Path path, Map<String, Object> metadata, List<TensorData> tensors)
      throws IOException {
    ByteBuffer head = head(metadata, tensors);
    Path target = path.toAbsolutePath();
    Path temporary =
        target.resolveSibling(
            "%s.%d.tmp".formatted(target.getFileName(), ProcessHandle.current().pid()));
    try {
      try (FileChannel channel = FileChannel.open(temporary, NEW_CONTENT)) {
        writeFully(channel, head);
        writeTensors(channel, tensors);
        channel.force(true);
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static ByteBuffer head(Map<String, Object> metadata, List<TensorData> tensors) {
    if (metadata.containsKey(GgufFormat.ALIGNMENT_KEY)) {
      throw new IllegalArgumentException(GgufFormat.ALIGNMENT_KEY + " is always 32 here");
    }
    HeadBuffer out = new HeadBuffer();
    out.putInt(GgufFormat.MAGIC);
    out.putInt(GgufFormat.VERSION);
    out.putLong(tensors.size());
    out.putLong(metadata.size());
    metadata.forEach(out::putEntry);
    putDirectory(tensors, out);
    out.align(GgufFormat.DEFAULT_ALIGNMENT);
    return out.toBuffer();
  }

  private static void putDirectory(List<TensorData> tensors, HeadBuffer out) {
    Set<String> names = new HashSet<>();
    long offset = 0;
    for (TensorData tensor : tensors) {
      if (!names.add(tensor.name())) {
        throw new IllegalArgumentException("tensor " + tensor.name() + " occurs twice");
      }
      out.putString(tensor.name());
      out.putInt(tensor.dimensions().length);
      for (long dimension : tensor.dimensions()) {
        out.putLong(dimension);
      }
      out.putInt(tensor.type().code());
      out.putLong(offset);
      offset =
          GgufFormat.align(
              offset + tensor.type().bytes(tensor.values().length), GgufFormat.DEFAULT_ALIGNMENT);
    }
  }

  private static void writeTensors(FileChannel channel, List<TensorData> tensors)
      throws IOException {
    ByteBuffer chunk =
        ByteBuffer.allocateDirect(CHUNK_ELEMENTS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (TensorData tensor : tensors) {
      float[] values = tensor.values();
      for (int from = 0; from < values.length; from += CHUNK_ELEMENTS) {
        int to = Math.min(values.length - from, CHUNK_ELEMENTS) + from;
        encode(tensor, from, to, chunk.clear());
        writeFully(channel, chunk.flip());
      }
      int padding = (int) (-channel.position() & (GgufFormat.DEFAULT_ALIGNMENT - 1));
      writeFully(channel, ByteBuffer.allocate(padding));
    }
  }

  private static void encode(TensorData tensor, int from, int to, ByteBuffer out) {
    try {
      TensorEncoder.encode(tensor.type(), tensor.values(), from, to, out);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("tensor " + tensor.name() + ": " + e.getMessage(), e);
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
