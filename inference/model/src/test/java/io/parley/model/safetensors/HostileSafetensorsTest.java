package io.parley.model.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.model.family.SampleModel;
import io.parley.model.source.ModelFileException;
import io.parley.model.source.WeightFile;
import io.parley.model.tensor.Tensor;
import io.parley.model.tensor.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostileSafetensorsTest {
  @TempDir Path directory;

  private Map<String, Tensor> read(byte[] bytes) throws IOException {
    Path file = directory.resolve("x.safetensors");
    Files.write(file, bytes);
    try (WeightFile weights = WeightFile.open(file)) {
      return SafetensorsFile.read(weights);
    }
  }

  private void refuses(byte[] bytes, String message) {
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("x.safetensors")
        .hasMessageContaining(message);
  }

  private void refuses(String header, int dataBytes, String message) {
    refuses(SampleDirectory.file(header, new byte[dataBytes]), message);
  }

  private static String entry(String name, String dtype, String shape, String offsets) {
    return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}"
        .formatted(name, dtype, shape, offsets);
  }

  @Test
  void readsWhatIsThere() throws IOException {
    String header =
        "{%s,%s}"
            .formatted(entry("b", "F16", "[2,3]", "[8,20]"), entry("a", "F32", "[2]", "[0,8]"));
    Map<String, Tensor> tensors = read(SampleDirectory.file(header + "   ", new byte[20]));
    assertThat(tensors.keySet()).containsExactly("a", "b");
    assertThat(tensors.get("b")).extracting(Tensor::dimensions).asString().isEqualTo("[3, 2]");
  }

  @Test
  void refusesALengthThatTheFileDoesNotHave() {
    refuses(new byte[0], "header of");
    refuses(new byte[7], "header of");
    for (long length : new long[] {-1, Long.MAX_VALUE, Long.MIN_VALUE, 1, 1L << 32}) {
      byte[] bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
      refuses(bytes, "its header of " + Long.toUnsignedString(length).substring(0, 1));
    }
  }

  @Test
  void refusesWhatIsNoHeader() {
    refuses("", 0, "is not a JSON object");
    refuses("[]", 0, "is not a JSON object");
    refuses("{", 0, "is not JSON");
    refuses("{}x", 0, "is not JSON");
    refuses("{\"a\":" + "[".repeat(10_000), 0, "nesting depth");
    refuses("{\"a\":7}", 0, "tensor a: dtype");
    refuses("{\"__metadata__\":{},\"__metadata__\":{}}", 0, "Duplicate field");
    String twice = entry("a", "F32", "[1]", "[0,4]");
    refuses("{" + twice + "," + twice + "}", 4, "Duplicate field 'a'");
  }

  @Test
  void refusesTensorsOutOfPlace() {
    refuses("{" + entry("a", "F32", "[1]", "[0,4]") + "}", 3, "must be 4 bytes of the 3");
    refuses("{" + entry("a", "F32", "[1]", "[4,0]") + "}", 8, "data_offsets [4, 0]");
    refuses("{" + entry("a", "F32", "[1]", "[-4,0]") + "}", 8, "must be numbers from 0");
    refuses("{" + entry("a", "F32", "[1]", "[0,8]") + "}", 8, "must be 4 bytes");
    refuses("{" + entry("a", "F32", "[1]", "[4,8]") + "}", 8, "must begin at 0, not 4");
    refuses("{" + entry("a", "F32", "[1]", "[0,4]") + "}", 8, "end at byte 4");
    refuses("{" + entry("a", "F32", "[1]", "[0,4,8]") + "}", 8, "must be two numbers");
    refuses("{" + entry("a", "F32", "[1]", "[0,1e99]") + "}", 8, "must be numbers from 0");
    refuses(
        "{%s,%s}".formatted(entry("a", "F32", "[2]", "[0,8]"), entry("b", "F32", "[1]", "[4,8]")),
        8,
        "tensor b: data_offsets must begin at 8, not 4");
  }

  @Test
  void refusesShapesAndTypes() {
    refuses("{" + entry("a", "I64", "[1]", "[0,8]") + "}", 8, "dtype \"I64\" is not supported");
    refuses("{" + entry("a", "F32", "[]", "[0,4]") + "}", 4, "shape must be 1 to 4 numbers");
    refuses("{" + entry("a", "F32", "[1,1,1,1,1]", "[0,4]") + "}", 4, "shape must be 1 to 4");
    refuses("{" + entry("a", "F32", "[0]", "[0,0]") + "}", 0, "shape must not hold 0");
    refuses("{" + entry("a", "F32", "[-1]", "[0,4]") + "}", 4, "shape must be numbers");
    refuses("{" + entry("a", "F32", "[\"1\"]", "[0,4]") + "}", 4, "shape must be numbers");
    refuses("{" + entry("a", "F32", "[9223372036854775807,8]", "[0,4]") + "}", 4, "is too large");
  }

  private void refusesIndex(String index, String message) throws IOException {
    Files.writeString(directory.resolve("model.safetensors.index.json"), index);
    assertThatThrownBy(() -> SafetensorsModel.open(directory))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("index.json")
        .hasMessageContaining(message);
  }

  @Test
  void refusesAnIndexThatPointsElsewhere() throws IOException {
    SampleModel sample = SampleModel.of("llama", TensorType.F32);
    new SampleDirectory(sample).write(directory, 1);
    refusesIndex("{\"weight_map\":{}}", "1 to 1000 files, not 0");
    refusesIndex("{\"weight_map\":{\"a\":\"../model.safetensors\"}}", "files beside it");
    refusesIndex("{\"weight_map\":{\"a\":\"/etc/passwd\"}}", "files beside it");
    refusesIndex("{\"weight_map\":{\"a\":7}}", "files beside it");
    refusesIndex("{\"weight_map\":{\"a\":\"model.safetensors\"}}", "not where weight_map says");
  }
}
