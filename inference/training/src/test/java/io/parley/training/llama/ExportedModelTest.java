package io.parley.training.llama;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.model.decoder.Decoder;
import io.parley.model.decoder.DecoderModel;
import io.parley.model.decoder.ForwardBatch;
import io.parley.model.decoder.KvCache;
import io.parley.model.family.Families;
import io.parley.model.gguf.GgufFile;
import io.parley.model.tensor.TensorType;
import io.parley.model.tokenizer.Vocabulary;
import io.parley.serving.decoder.ModelLoader;
import io.parley.training.bpe.BpeTrainer;
import io.parley.training.export.LlamaGguf;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The model that training knows and the one that serving reads from its file are the same. */
class ExportedModelTest {
  private static final Instant MADE = Instant.ofEpochSecond(1_763_000_000);
  private static final Vocabulary VOCABULARY = new BpeTrainer().train(261);
  private static final LlamaShape SHAPE = LlamaShape.toy(261);
  private static final int TOKENS = 150;

  @TempDir private Path directory;
  private final Random random = new Random(4);
  private final float[] weights = SampleWindows.lively(SHAPE, random);
  private final int[] tokens = random.ints(TOKENS, 0, 261).toArray();

  @ParameterizedTest
  @CsvSource({"F32, 1e-3, 1e-4", "BF16, 1, 0.02", "F16, 1, 0.005", "Q8_0, 1, 0.05"})
  void theDecoderOfTheExportedFileGivesTheLogitsOfTraining(
      TensorType type, float mostDifference, double relativeError) throws IOException {
    float[] expected = trained();
    float[] actual = served(type);
    assertThat(Differences.largest(actual, expected)).isLessThan(mostDifference);
    assertThat(Differences.relative(actual, expected)).isLessThan(relativeError);
  }

  @Test
  void theFileHoldsTheTokenizer() throws IOException {
    try (GgufFile file = GgufFile.open(write(TensorType.Q8_0))) {
      assertThat(Vocabulary.from(file)).isEqualTo(VOCABULARY);
      assertThat(file.metadata().string("general.name")).isEqualTo("toy");
    }
  }

  @Test
  void theFileTellsWhenItWasMade() throws IOException {
    try (GgufFile file = GgufFile.open(write(TensorType.Q8_0))) {
      assertThat(file.metadata().integer(ModelLoader.CREATED_AT_KEY, 0, Long.MAX_VALUE))
          .isEqualTo(MADE.getEpochSecond());
    }
  }

  private Path write(TensorType type) throws IOException {
    Path file = directory.resolve(type + ".gguf");
    new LlamaGguf("toy", MADE, SHAPE, VOCABULARY, weights).write(file, type);
    return file;
  }

  @SuppressWarnings("try") // Scope and guard end with the block.
  private float[] trained() {
    int[] positions = IntStream.range(0, TOKENS).toArray();
    MicroBatch batch =
        new MicroBatch(
            1, TOKENS, tokens, new int[TOKENS], positions, positions, tokens, new float[TOKENS]);
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      FloatPointer flat = new FloatPointer(weights);
      LlamaGraph graph =
          new LlamaGraph(SHAPE, Precision.F32, flat, new FloatPointer(weights.length));
      Tensor logits = graph.logits(batch);
      float[] values = new float[TOKENS * SHAPE.vocabulary()];
      new FloatPointer(logits.data_ptr_float()).get(values);
      return values;
    }
  }

  private float[] served(TensorType type) throws IOException {
    try (GgufFile file = GgufFile.open(write(type))) {
      DecoderModel model = Families.load(file);
      Decoder decoder = new Decoder(model, new KvCache(model.config(), 1, TOKENS), TOKENS);
      int[] all = IntStream.range(0, TOKENS).toArray();
      float[] logits = new float[TOKENS * SHAPE.vocabulary()];
      decoder.forward(
          new ForwardBatch(tokens, all, new int[TOKENS], new int[][] {{0}}, all), logits);
      return logits;
    }
  }
}
