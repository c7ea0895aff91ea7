package io.parley.training.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointDirectoryTest {
  @TempDir private Path root;
  private Path directory = Path.of("");
  private CheckpointDirectory checkpoints = new CheckpointDirectory(directory);

  @BeforeEach
  void open() {
    directory = root.resolve("run");
    checkpoints = new CheckpointDirectory(directory);
  }

  @Test
  void whatIsSavedComesBack() throws IOException {
    checkpoints.save(checkpoint(7));
    assertThat(checkpoints.newest()).contains(checkpoint(7));
  }

  @Test
  void everyBitOfAWeightComesBack() throws IOException {
    float[] odd = {-0f, Float.MIN_VALUE, Float.MAX_VALUE, Float.NEGATIVE_INFINITY, Float.NaN};
    checkpoints.save(new Checkpoint("settings", 1, 2, 3, odd, odd, odd));
    float[] read = checkpoints.newest().orElseThrow().weights();
    for (int i = 0; i < odd.length; i++) {
      assertThat(Float.floatToRawIntBits(read[i])).isEqualTo(Float.floatToRawIntBits(odd[i]));
    }
  }

  @Test
  void aDirectoryThatIsNotThereHasNone() throws IOException {
    assertThat(checkpoints.newest()).isEmpty();
  }

  @Test
  void theNewestCountsAndTheLastTwoStay() throws IOException {
    for (long step : new long[] {9, 10, 1000}) {
      checkpoints.save(checkpoint(step));
    }
    assertThat(checkpoints.newest()).contains(checkpoint(1000));
    assertThat(files()).isEqualTo(2);
  }

  @Test
  void aTornFileFallsBackToTheOneBefore() throws IOException {
    checkpoints.save(checkpoint(1));
    checkpoints.save(checkpoint(2));
    byte[] whole = Files.readAllBytes(file(2));
    for (int length = 0; length < whole.length; length += 13) {
      Files.write(file(2), Arrays.copyOf(whole, length));
      assertThat(checkpoints.newest()).as("%d bytes", length).contains(checkpoint(1));
    }
  }

  @Test
  void aFileWithADamagedByteFallsBackToTheOneBefore() throws IOException {
    checkpoints.save(checkpoint(1));
    checkpoints.save(checkpoint(2));
    byte[] whole = Files.readAllBytes(file(2));
    for (int place = 0; place < whole.length; place += 7) {
      byte[] damaged = whole.clone();
      damaged[place] ^= 0x10;
      Files.write(file(2), damaged);
      assertThat(checkpoints.newest()).as("byte %d", place).contains(checkpoint(1));
    }
  }

  @Test
  void whatACrashLeftBeforeTheRenameIsNoCheckpoint() throws IOException {
    checkpoints.save(checkpoint(1));
    Files.write(directory.resolve("checkpoint-000000002.bin.tmp"), new byte[100]);
    assertThat(checkpoints.newest()).contains(checkpoint(1));
  }

  @Test
  void weightsAndMomentsHaveOneLength() {
    assertThatThrownBy(() -> new Checkpoint("s", 1, 2, 3, new float[2], new float[2], new float[3]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private Path file(long step) {
    return directory.resolve("checkpoint-%09d.bin".formatted(step));
  }

  private long files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.count();
    }
  }

  private static Checkpoint checkpoint(long step) {
    return new Checkpoint(
        "settings", step, 5000, step * 31, floats(step), floats(step + 1), floats(step + 2));
  }

  private static float[] floats(long seed) {
    Random random = new Random(seed);
    float[] values = new float[101];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
