package io.parley.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.parley.model.gguf.GgufFile;
import io.parley.model.gguf.GgufWriter;
import io.parley.model.gguf.TensorData;
import io.parley.model.tensor.Tensor;
import io.parley.model.tensor.TensorBytes;
import io.parley.model.tensor.TensorType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Weights are in memory once: their file is not there as a whole while a matrix is made of it. */
class RepackingTest {
  private static final Path MAPPINGS = Path.of("/proc/self/maps");
  private static final int COLUMNS = 1_024;
  private static final int ROWS = 10_000;

  /** A piece is four megabytes; a mapping begins and ends at pages. */
  private static final long MOST_MAPPED = (4 << 20) + (2 << 16);

  @TempDir Path directory;
  private long most;
  private long parts;

  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16", "Q8_0", "Q4_K"})
  void onlyAPieceOfTheFileIsMappedAtATime(TensorType type) throws IOException {
    assumeTrue(Files.exists(MAPPINGS), "only Linux tells what is mapped");
    Path path = write(type);
    try (GgufFile file = GgufFile.open(path)) {
      assertThat(mapped(path)).as("after the head was read").isZero();
      Tensor tensor = file.tensor("t");
      Tensor watched =
          new Tensor("t", tensor.dimensions(), type, new Watched(tensor.bytes(), path));
      Kernels.best().matrix(watched);
      assertThat(parts).isGreaterThan(1);
      assertThat(most).isPositive().isLessThan(MOST_MAPPED);
      assertThat(mapped(path)).as("when the matrix is made").isZero();
    }
  }

  @Test
  void piecesMakeTheSameMatrixAsMemory() throws IOException {
    Path path = write(TensorType.Q5_1);
    try (GgufFile file = GgufFile.open(path)) {
      Tensor tensor = file.tensor("t");
      WeightMatrix matrix = Kernels.best().matrix(tensor);
      float[] all = tensor.values();
      float[] row = new float[COLUMNS];
      for (int r = 0; r < ROWS; r += 999) {
        matrix.readRow(r, row, 0);
        for (int c = 0; c < COLUMNS; c++) {
          assertThat(row[c]).isEqualTo(all[r * COLUMNS + c]);
        }
      }
    }
  }

  private Path write(TensorType type) throws IOException {
    Path path = directory.resolve("weights.gguf");
    Random random = new Random(3);
    float[] values = new float[ROWS * COLUMNS];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    long[] dimensions = {COLUMNS, ROWS};
    GgufWriter.write(path, Map.of(), List.of(new TensorData("t", dimensions, type, values)));
    return path;
  }

  /** Bytes of a file that are mapped into this process. */
  private static long mapped(Path path) {
    try (var lines = Files.lines(MAPPINGS)) {
      return lines
          .filter(line -> line.endsWith(path.toString()))
          .map(line -> line.substring(0, line.indexOf(' ')).split("-", 2))
          .mapToLong(
              range -> Long.parseUnsignedLong(range[1], 16) - Long.parseUnsignedLong(range[0], 16))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bytes of a file that note how much of it is mapped whenever a part is asked for. */
  private final class Watched implements TensorBytes {
    private final TensorBytes bytes;
    private final Path path;

    Watched(TensorBytes bytes, Path path) {
      this.bytes = bytes;
      this.path = path;
    }

    @Override
    public long byteSize() {
      return bytes.byteSize();
    }

    @Override
    public MemorySegment part(long offset, long length, Arena arena) {
      MemorySegment part = bytes.part(offset, length, arena);
      parts++;
      most = Math.max(most, mapped(path));
      return part;
    }
  }
}
