package io.parley.model.source;

import io.parley.model.tensor.TensorBytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * A file of weights, open for reading. Nothing of it is in memory but what somebody has asked for
 * and not given back: weights are read once, to be laid out anew, and a file that was mapped as a
 * whole would stand in memory beside them. Thread-safe.
 *
 * <p>The file must not shrink while a part of it is mapped: the operating system answers a read
 * beyond its new end with a fault.
 */
public final class WeightFile implements AutoCloseable {
  private final Path path;
  private final FileChannel channel;
  private final long byteSize;

  private WeightFile(Path path, FileChannel channel, long byteSize) {
    this.path = path;
    this.channel = channel;
    this.byteSize = byteSize;
  }

  /** Opens a file; one that takes its place later is not noticed. */
  public static WeightFile open(Path path) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      return new WeightFile(path, channel, channel.size());
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Reads what stands before the weights. */
  public interface HeadReader<T> {
    /**
     * Reads what it needs.
     *
     * @param bytes the whole file; readable during this call
     */
    T read(MemorySegment bytes) throws IOException;
  }

  /** The name that errors about this file begin with. */
  public String name() {
    return path.toString();
  }

  public long byteSize() {
    return byteSize;
  }

  /** Maps the file for as long as its head is being read. */
  public <T> T readHead(HeadReader<T> reader) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      return reader.read(channel.map(FileChannel.MapMode.READ_ONLY, 0, byteSize, arena));
    }
  }

  /**
   * A part of the file, to be mapped when it is wanted, as long as the file is open. A file that
   * cannot be mapped any more is a {@link ModelFileException}.
   *
   * @throws IndexOutOfBoundsException if the part does not lie within the file
   */
  public TensorBytes part(long offset, long length) {
    return new Part(offset, length);
  }

  private final class Part implements TensorBytes {
    private final long start;
    private final long length;

    private Part(long start, long length) {
      Objects.checkFromIndexSize(start, length, byteSize);
      this.start = start;
      this.length = length;
    }

    @Override
    public long byteSize() {
      return length;
    }

    @Override
    public MemorySegment part(long from, long wanted, Arena arena) {
      Objects.checkFromIndexSize(from, wanted, length);
      try {
        return channel.map(FileChannel.MapMode.READ_ONLY, start + from, wanted, arena);
      } catch (IOException e) {
        throw new ModelFileException(
            "%s: at byte %d: cannot be read: %s".formatted(path, start + from, e));
      }
    }
  }

  /** No part can be mapped afterwards; those that are stay until their arenas are closed. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
