package io.parley.model.gguf;

import io.parley.model.source.Metadata;
import io.parley.model.source.ModelFileException;
import io.parley.model.source.ModelSource;
import io.parley.model.source.WeightFile;
import io.parley.model.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;

/**
 * An open GGUF file: its metadata and its tensors, whose data stays in the file and is mapped into
 * memory band by band as it is read. Immutable and thread-safe; tensors are readable until it is
 * closed.
 *
 * <p>The file must not shrink while it is read: see {@link WeightFile}. {@link GgufWriter}
 * therefore replaces files and never rewrites one in place.
 */
public final class GgufFile implements ModelSource {
  private final WeightFile file;
  private final int version;
  private final Metadata metadata;
  private final Map<String, Tensor> tensors;

  private GgufFile(WeightFile file, int version, Metadata metadata, Map<String, Tensor> tensors) {
    this.file = file;
    this.version = version;
    this.metadata = metadata;
    this.tensors = Collections.unmodifiableMap(tensors);
  }

  /**
   * Opens the file and checks everything but the tensors' values.
   *
   * @throws ModelFileException if it is damaged, hostile or not supported
   * @throws IOException if it cannot be read
   */
  public static GgufFile open(Path path) throws IOException {
    WeightFile file = WeightFile.open(path);
    try {
      return file.readHead(bytes -> parse(file, bytes));
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static GgufFile parse(WeightFile file, MemorySegment bytes) {
    GgufCursor in = new GgufCursor(file.name(), bytes);
    int version = readVersion(in);
    int tensorCount = in.readCount("the tensor count", TensorReader.minimumEntryBytes());
    int entryCount = in.readCount("the key count", MetadataReader.minimumEntryBytes());
    Metadata metadata = new Metadata(file.name(), new MetadataReader(in).read(entryCount));
    Map<String, Tensor> tensors = new TensorReader(in, file, alignment(metadata)).read(tensorCount);
    return new GgufFile(file, version, metadata, tensors);
  }

  private static int readVersion(GgufCursor in) {
    if (in.readInt("the magic number") != GgufFormat.MAGIC) {
      throw in.failure(0, "this is no GGUF file: it does not start with \"GGUF\"");
    }
    int version = in.readInt("the version");
    if (version != 0 && (version & 0xffff) == 0) {
      throw in.failure(4, "big-endian files are not supported");
    }
    if (version < GgufFormat.OLDEST_VERSION || version > GgufFormat.VERSION) {
      throw in.failure(
          4,
          "version %s is not supported; supported are 2 and 3"
              .formatted(Integer.toUnsignedString(version)));
    }
    return version;
  }

  private static long alignment(Metadata metadata) {
    long alignment =
        metadata.integer(
            GgufFormat.ALIGNMENT_KEY, 1, GgufFormat.MAX_ALIGNMENT, GgufFormat.DEFAULT_ALIGNMENT);
    if (Long.bitCount(alignment) != 1) {
      throw metadata.failure(GgufFormat.ALIGNMENT_KEY, alignment + " is no power of two");
    }
    return alignment;
  }

  @Override
  public String name() {
    return file.name();
  }

  /** The version of the format, 2 or 3. */
  public int version() {
    return version;
  }

  @Override
  public Metadata metadata() {
    return metadata;
  }

  /** All tensors by name, in the order of the file. */
  @Override
  public Map<String, Tensor> tensors() {
    return tensors;
  }

  @Override
  public void close() {
    file.close();
  }
}
