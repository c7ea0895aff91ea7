package io.parley.model.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.model.tensor.TensorBytes;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightFileTest {
  @TempDir Path directory;
  private Path path;

  @BeforeEach
  void write() throws IOException {
    path = directory.resolve("weights");
    Files.write(path, new byte[] {0, 1, 2, 3, 4, 5, 6, 7});
  }

  private static byte[] read(TensorBytes bytes, long offset, long length) {
    try (Arena arena = Arena.ofConfined()) {
      return bytes.part(offset, length, arena).toArray(ValueLayout.JAVA_BYTE);
    }
  }

  @Test
  void aPartIsReadFromItsOwnBeginning() throws IOException {
    try (WeightFile file = WeightFile.open(path)) {
      TensorBytes part = file.part(3, 4);
      assertThat(part.byteSize()).isEqualTo(4);
      assertThat(read(part, 0, 4)).containsExactly(3, 4, 5, 6);
      assertThat(read(part, 1, 2)).containsExactly(4, 5);
    }
  }

  @Test
  void nothingOutsideOfAPartCanBeRead() throws IOException {
    try (WeightFile file = WeightFile.open(path)) {
      assertThatThrownBy(() -> file.part(5, 4)).isInstanceOf(IndexOutOfBoundsException.class);
      TensorBytes part = file.part(3, 4);
      assertThatThrownBy(() -> read(part, 1, 4)).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void theHeadIsReadableOnlyWhileItIsRead() throws IOException {
    try (WeightFile file = WeightFile.open(path)) {
      MemorySegment[] kept = new MemorySegment[1];
      byte last =
          file.readHead(
              bytes -> {
                kept[0] = bytes;
                return bytes.get(ValueLayout.JAVA_BYTE, 7);
              });
      assertThat(last).isEqualTo((byte) 7);
      assertThat(kept[0].scope().isAlive()).isFalse();
    }
  }

  @Test
  void aFileThatHasShrunkIsRefusedByName() throws IOException {
    try (WeightFile file = WeightFile.open(path)) {
      TensorBytes part = file.part(3, 4);
      try (RandomAccessFile other = new RandomAccessFile(path.toFile(), "rw")) {
        other.setLength(4);
      }
      assertThatThrownBy(() -> read(part, 0, 4))
          .isInstanceOf(ModelFileException.class)
          .hasMessageContaining(path + ": at byte 3: cannot be read");
    }
  }

  @Test
  void aClosedFileIsReadNoFurther() throws IOException {
    WeightFile file = WeightFile.open(path);
    TensorBytes part = file.part(3, 4);
    file.close();
    assertThatThrownBy(() -> read(part, 0, 4)).isInstanceOf(ModelFileException.class);
  }
}
