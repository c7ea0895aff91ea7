package io.parley.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.parley.model.decoder.DecoderModel;
import io.parley.model.family.Families;
import io.parley.model.family.SampleText;
import io.parley.model.files.OpenModel;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What rounding to BF16 costs the models that ship: the tolerance that {@code docs/models.md}
 * states. Vectors alone compute here, since native code has their bits.
 */
class Bf16AccuracyTest {
  /** The root mean square of the logits' difference, as a part of the logits' own. */
  private static final double MOST_DISTANCE = 0.01;

  /** Nats a token. */
  private static final double MOST_LOSS = 0.005;

  @ParameterizedTest
  @ValueSource(strings = {"parley-mini", "parley-base"})
  void aTextIsAboutAsLikelyInBf16AsInF32(String name) throws IOException {
    try (OpenModel open = OpenModel.open(Path.of("../../models/" + name + ".gguf"))) {
      int[] tokens = open.tokenizer().encode(SampleText.TEXT);
      float[] exact = logits(open, Multiplication.F32, tokens);
      float[] rounded = logits(open, new Multiplication(Arithmetic.BF16, null), tokens);
      assertThat(rounded).isNotEqualTo(exact);
      assertThat(SampleText.distance(rounded, exact)).isLessThan(MOST_DISTANCE);
      assertThat(SampleText.crossEntropy(rounded, tokens))
          .isCloseTo(SampleText.crossEntropy(exact, tokens), within(MOST_LOSS));
    }
  }

  private static float[] logits(OpenModel open, Multiplication multiplication, int[] tokens) {
    DecoderModel model = Families.load(open.source(), new VectorKernels(multiplication));
    return SampleText.logits(model, tokens);
  }
}
