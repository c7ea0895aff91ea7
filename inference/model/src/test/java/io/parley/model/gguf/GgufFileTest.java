package io.parley.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.parley.model.source.Metadata;
import io.parley.model.source.ModelFileException;
import io.parley.model.tensor.Tensor;
import io.parley.model.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufFileTest {
  @TempDir Path directory;
  private Path path;

  @BeforeEach
  void choosePath() {
    path = directory.resolve("small.gguf");
  }

  private static Map<String, Object> metadata() {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("general.architecture", "llama");
    metadata.put("an.int", 4_000);
    metadata.put("a.long", 5_000_000_000L);
    metadata.put("a.float", 1.5f);
    metadata.put("a.bool", true);
    metadata.put("strings", new String[] {"", "é", "Ġthe"});
    metadata.put("ints", new int[] {-1, 0, 7});
    metadata.put("floats", new float[] {0.25f, -3});
    return metadata;
  }

  private static List<TensorData> tensors() {
    return List.of(
        new TensorData("f32", new long[] {3, 2}, TensorType.F32, new float[] {1, 2, 3, 4, 5, 6}),
        new TensorData("f16", new long[] {3}, TensorType.F16, new float[] {0.5f, -2, 65504}),
        new TensorData("bf16", new long[] {1, 2}, TensorType.BF16, new float[] {1, -0.375f}),
        new TensorData("q8_0", new long[] {32, 2}, TensorType.Q8_0, ramp(64)));
  }

  private static float[] ramp(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (i - 20) * 0.37f;
    }
    return values;
  }

  @Test
  void readsBackWhatWasWritten() throws IOException {
    GgufWriter.write(path, metadata(), tensors());
    try (GgufFile file = GgufFile.open(path)) {
      Metadata read = file.metadata();
      assertThat(file.version()).isEqualTo(3);
      assertThat(read.keys()).isEqualTo(metadata().keySet());
      assertThat(read.string("general.architecture")).isEqualTo("llama");
      assertThat(read.integer("an.int", 0, 5_000)).isEqualTo(4_000);
      assertThat(read.integer("a.long", 0, Long.MAX_VALUE)).isEqualTo(5_000_000_000L);
      assertThat(read.number("a.float")).isEqualTo(1.5);
      assertThat(read.bool("a.bool", false)).isTrue();
      assertThat(read.strings("strings")).containsExactly("", "é", "Ġthe");
      assertThat(read.ints("ints")).containsExactly(-1, 0, 7);
      assertThat(read.floats("floats")).containsExactly(0.25f, -3);
      assertThat(file.tensors().keySet()).containsExactly("f32", "f16", "bf16", "q8_0");
      assertThat(file.tensor("f32").dimensions()).containsExactly(3L, 2L);
      assertThat(file.tensor("f32").values()).containsExactly(1, 2, 3, 4, 5, 6);
      assertThat(file.tensor("f16").values()).containsExactly(0.5f, -2, 65504);
      assertThat(file.tensor("bf16").values()).containsExactly(1, -0.375f);
      assertThat(file.tensor("q8_0").values()).containsExactly(ramp(64), within(0.07f));
    }
  }

  @Test
  void replacesAnOlderFileAndLeavesNothingBeside() throws IOException {
    GgufWriter.write(path, Map.of("old", 1), List.of());
    GgufWriter.write(path, metadata(), tensors());
    try (GgufFile file = GgufFile.open(path);
        var left = Files.list(directory)) {
      assertThat(file.metadata().has("old")).isFalse();
      assertThat(left).containsExactly(path);
    }
  }

  @Test
  void aFailedWriteLeavesTheOlderFile() throws IOException {
    GgufWriter.write(path, Map.of("old", 1), List.of());
    TensorData broken =
        new TensorData("t", new long[] {1}, TensorType.F32, new float[] {Float.NaN});
    assertThatThrownBy(() -> GgufWriter.write(path, Map.of(), List.of(broken)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tensor t: value 0 is not finite");
    try (GgufFile file = GgufFile.open(path);
        var left = Files.list(directory)) {
      assertThat(file.metadata().has("old")).isTrue();
      assertThat(left).containsExactly(path);
    }
  }

  @Test
  void namesWhatIsMissingOrOfAnotherType() throws IOException {
    GgufWriter.write(path, metadata(), tensors());
    try (GgufFile file = GgufFile.open(path)) {
      Metadata read = file.metadata();
      assertThatThrownBy(() -> read.string("nothing"))
          .isInstanceOf(ModelFileException.class)
          .hasMessageContaining("key nothing is missing");
      assertThatThrownBy(() -> read.string("an.int"))
          .isInstanceOf(ModelFileException.class)
          .hasMessageContaining("key an.int: must be a string");
      assertThatThrownBy(() -> read.integer("an.int", 1, 3_999))
          .isInstanceOf(ModelFileException.class)
          .hasMessageContaining("an.int: must be in [1, 3999], not 4000");
      assertThatThrownBy(() -> file.tensor("output.weight"))
          .isInstanceOf(ModelFileException.class)
          .hasMessageContaining("tensor output.weight is missing");
    }
  }

  @Test
  void refusesEveryTruncation() throws IOException {
    GgufWriter.write(path, metadata(), tensors());
    byte[] whole = Files.readAllBytes(path);
    int lastTensorByte = whole.length - (-(2 * 34) & 31);
    for (int length = 0; length < lastTensorByte; length++) {
      Files.write(path, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> GgufFile.open(path))
          .as("first %d bytes", length)
          .isInstanceOf(ModelFileException.class)
          .hasMessageContaining("at byte ");
    }
  }

  @Test
  void survivesRandomMutations() throws IOException {
    GgufWriter.write(path, metadata(), tensors());
    byte[] whole = Files.readAllBytes(path);
    Random random = new Random(20_260_101);
    int refused = 0;
    for (int round = 0; round < 3_000; round++) {
      Files.write(path, mutate(whole, random));
      try (GgufFile file = GgufFile.open(path)) {
        file.tensors().values().forEach(Tensor::values);
      } catch (ModelFileException e) {
        refused++;
        assertThat(e).hasMessageContaining("small.gguf");
      }
    }
    assertThat(refused).isBetween(500, 2_999);
  }

  private static byte[] mutate(byte[] whole, Random random) {
    byte[] mutant = whole.clone();
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(mutant.length);
      switch (random.nextInt(4)) {
        case 0 -> mutant[at] = (byte) random.nextInt();
        case 1 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> Arrays.fill(mutant, at, Math.min(at + 8, mutant.length), (byte) 0xff);
        default -> mutant = Arrays.copyOf(mutant, Math.max(1, at));
      }
    }
    return mutant;
  }

  @Test
  void aMissingFileIsAnIoError() {
    assertThatThrownBy(() -> GgufFile.open(path)).isInstanceOf(NoSuchFileException.class);
  }
}
