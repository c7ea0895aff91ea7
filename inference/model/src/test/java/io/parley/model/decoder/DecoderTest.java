package io.parley.model.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.parley.model.family.PlainDecoder;
import io.parley.model.family.SampleModel;
import io.parley.model.family.SampleModel.Sizes;
import io.parley.model.kernel.ComputePool;
import io.parley.model.kernel.Kernels;
import io.parley.model.kernel.ScalarKernels;
import io.parley.model.kernel.VectorKernels;
import io.parley.model.tensor.TensorType;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class DecoderTest {
  private static final int[] TOKENS = new Random(3).ints(40, 0, 70).toArray();

  /** A family's model with weights of a type. */
  record Sample(String architecture, TensorType type) {
    DecoderModel load(Kernels kernels) {
      return SampleModel.of(architecture, type).load(kernels);
    }
  }

  /** Every type in one family, every family with one type. */
  static Stream<Sample> samples() {
    return Stream.concat(
        Arrays.stream(TensorType.values()).map(type -> new Sample("llama", type)),
        SampleModel.ARCHITECTURES.stream()
            .filter(architecture -> !architecture.equals("llama"))
            .map(architecture -> new Sample(architecture, TensorType.F32)));
  }

  private static SampleModel sample(TensorType type) {
    return SampleModel.of("llama", type);
  }

  /** One sequence from its beginning, all logits, in blocks of four from block 0 on. */
  private static float[] whole(DecoderModel model, int[] tokens) {
    int blocks = Math.ceilDiv(tokens.length, 4);
    Decoder decoder = new Decoder(model, new KvCache(model.config(), blocks, 4), tokens.length);
    int[] all = IntStream.range(0, tokens.length).toArray();
    int[][] tables = {IntStream.range(0, blocks).toArray()};
    float[] logits = new float[tokens.length * model.config().vocabularySize()];
    decoder.forward(new ForwardBatch(tokens, all, new int[tokens.length], tables, all), logits);
    return logits;
  }

  private static float[] row(float[] logits, int row) {
    return Arrays.copyOfRange(logits, row * 70, (row + 1) * 70);
  }

  static Stream<SampleModel> variants() {
    Sizes odd = new Sizes(70, 64, 40, 2, 6, 3, 8, 52);
    SampleModel partial = new SampleModel("llama", odd, TensorType.F32, true, 9);
    partial.put("rope.dimension_count", 6).put("rope.freq_base", 5_000f);
    Sizes small = Sizes.small("llama", TensorType.F32);
    SampleModel untied = new SampleModel("llama", small, TensorType.F32, false, 9);
    SampleModel window = SampleModel.of("llama", TensorType.F32).put("attention.sliding_window", 7);
    SampleModel stretched = SampleModel.of("llama", TensorType.F32);
    float[] divisors = {1, 1, 1.5f, 2, 3, 5, 8, 8};
    stretched.put("rope_freqs.weight", new long[] {8}, TensorType.F32, divisors);
    return Stream.concat(
        SampleModel.ARCHITECTURES.stream().map(a -> SampleModel.of(a, TensorType.F32)),
        Stream.of(
            partial,
            untied,
            window,
            stretched,
            scaled("llama", "linear"),
            scaled("llama", "yarn"),
            scaled("qwen2", "yarn"),
            scaled("gemma3", "linear")));
  }

  private static SampleModel scaled(String architecture, String type) {
    return SampleModel.of(architecture, TensorType.F32)
        .put("rope.scaling.type", type)
        .put("rope.scaling.factor", 4f)
        .put("rope.scaling.original_context_length", 16);
  }

  @ParameterizedTest
  @MethodSource("variants")
  void agreesWithThePapers(SampleModel sample) {
    double[][] expected = new PlainDecoder(sample).logits(TOKENS);
    float[] actual = whole(sample.load(new VectorKernels()), TOKENS);
    for (int t = 0; t < TOKENS.length; t++) {
      for (int v = 0; v < 70; v++) {
        assertThat((double) actual[t * 70 + v]).isCloseTo(expected[t][v], within(3e-4));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void vectorsGiveTheBitsOfTheReference(Sample sample) {
    assertThat(whole(sample.load(new VectorKernels()), TOKENS))
        .isEqualTo(whole(sample.load(new ScalarKernels()), TOKENS));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void chunksOfAnySizeGiveTheBitsOfTheWhole(Sample sample) {
    DecoderModel model = sample.load(Kernels.best());
    float[] expected = whole(model, TOKENS);
    for (int chunk : new int[] {1, 2, 3, 5, 8, 13, 39}) {
      Decoder decoder = new Decoder(model, new KvCache(model.config(), 3, 16), chunk);
      int[][] tables = {{2, 0, 1}};
      for (int from = 0; from < TOKENS.length; from += chunk) {
        int to = Math.min(from + chunk, TOKENS.length);
        float[] logits = new float[70];
        decoder.forward(
            new ForwardBatch(
                Arrays.copyOfRange(TOKENS, from, to),
                IntStream.range(from, to).toArray(),
                new int[to - from],
                tables,
                new int[] {to - from - 1}),
            logits);
        // Blocks of 16 and of 4 make the same sums: slots are added up in order.
        assertThat(logits).isEqualTo(row(expected, to - 1));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void aSequenceInABatchGetsTheBitsItGetsAlone(Sample sample) {
    DecoderModel model = sample.load(Kernels.best());
    int[][] prompts = new int[11][];
    float[][] alone = new float[prompts.length][];
    for (int s = 0; s < prompts.length; s++) {
      prompts[s] = Arrays.copyOfRange(TOKENS, s, s + 5 + 2 * s);
      alone[s] = whole(model, prompts[s]);
    }
    Decoder decoder = new Decoder(model, new KvCache(model.config(), 11 * 8, 4), 200);
    int[][] tables = new int[11][];
    for (int s = 0; s < 11; s++) {
      int which = s;
      tables[s] = IntStream.range(0, 8).map(i -> (i * 11 + which) * 7 % 88).toArray();
    }
    float[] logits = new float[11 * 70];
    // Everything but the last token of each in one batch, the last tokens together in another.
    forward(decoder, prompts, tables, 0, 1, logits);
    for (int s = 0; s < 11; s++) {
      assertThat(row(logits, s)).isEqualTo(row(alone[s], prompts[s].length - 2));
    }
    forward(decoder, prompts, tables, -1, 0, logits);
    for (int s = 0; s < 11; s++) {
      assertThat(row(logits, s)).isEqualTo(row(alone[s], prompts[s].length - 1));
    }
  }

  /** Rows [from, length - spare) of every prompt; a negative {@code from} counts from the end. */
  private static void forward(
      Decoder decoder, int[][] prompts, int[][] tables, int from, int spare, float[] logits) {
    IntStream.Builder tokens = IntStream.builder();
    IntStream.Builder positions = IntStream.builder();
    IntStream.Builder sequence = IntStream.builder();
    int[] outputs = new int[prompts.length];
    int rows = 0;
    for (int s = 0; s < prompts.length; s++) {
      int length = prompts[s].length;
      for (int p = from < 0 ? length + from : from; p < length - spare; p++) {
        tokens.add(prompts[s][p]);
        positions.add(p);
        sequence.add(s);
        outputs[s] = rows++;
      }
    }
    decoder.forward(
        new ForwardBatch(
            tokens.build().toArray(),
            positions.build().toArray(),
            sequence.build().toArray(),
            tables,
            outputs),
        logits);
  }

  @Test
  void sequencesMayShareTheBlocksOfACommonPrefix() {
    DecoderModel model = sample(TensorType.Q8_0).load(Kernels.best());
    Decoder decoder = new Decoder(model, new KvCache(model.config(), 4, 4), 8);
    int[] first = Arrays.copyOf(TOKENS, 6);
    int[] second = first.clone();
    second[4] = 1;
    float[] logits = new float[140];
    decoder.forward(
        new ForwardBatch(
            first, new int[] {0, 1, 2, 3, 4, 5}, new int[6], new int[][] {{0, 1}}, new int[] {5}),
        logits);
    assertThat(row(logits, 0)).isEqualTo(row(whole(model, first), 5));
    decoder.forward(
        new ForwardBatch(
            new int[] {second[4], second[5]},
            new int[] {4, 5},
            new int[2],
            new int[][] {{0, 2}},
            new int[] {1}),
        logits);
    assertThat(row(logits, 0)).isEqualTo(row(whole(model, second), 5));
  }

  /**
   * One head of two dimensions, identity everywhere, no feed-forward. Token 0 is (√2, 0) after its
   * norm, token 1 is (0, √2). At position 1 the query (0, √2) turned by 1 rad meets the key (√2, 0)
   * at position 0 and itself: scores 2 sin(-1) / √2 and 2 / √2.
   */
  @Test
  void aCaseByHand() {
    Sizes sizes = new Sizes(2, 8, 2, 1, 1, 1, 2, 1);
    SampleModel sample = new SampleModel("llama", sizes, TensorType.F32, false, 0);
    sample.put("attention.layer_norm_rms_epsilon", 0f);
    float[] identity = {1, 0, 0, 1};
    for (String name : new String[] {"attn_q", "attn_k", "attn_v", "attn_output"}) {
      sample.put("blk.0." + name + ".weight", new long[] {2, 2}, TensorType.F32, identity);
    }
    sample.put("token_embd.weight", new long[] {2, 2}, TensorType.F32, identity);
    sample.put("output.weight", new long[] {2, 2}, TensorType.F32, identity);
    sample.put("blk.0.ffn_down.weight", new long[] {1, 2}, TensorType.F32, new float[2]);
    for (String name : new String[] {"blk.0.attn_norm", "blk.0.ffn_norm", "output_norm"}) {
      sample.put(name + ".weight", new long[] {2}, TensorType.F32, new float[] {1, 1});
    }
    DecoderModel model = sample.load(new ScalarKernels());
    Decoder decoder = new Decoder(model, new KvCache(model.config(), 1, 2), 2);
    float[] logits = new float[4];
    int[] both = {0, 1};
    decoder.forward(new ForwardBatch(both, both, new int[2], new int[][] {{0}}, both), logits);

    double toFirst = Math.exp(2 * Math.sin(-1) / Math.sqrt(2));
    double toSelf = Math.exp(2 / Math.sqrt(2));
    double x = toFirst / (toFirst + toSelf) * Math.sqrt(2);
    double y = 1 + toSelf / (toFirst + toSelf) * Math.sqrt(2);
    double root = Math.sqrt((x * x + y * y) / 2);
    float[] expected = {(float) Math.sqrt(2), 0, (float) (x / root), (float) (y / root)};
    assertThat(logits).containsExactly(expected, within(1e-6f));
  }

  @ParameterizedTest
  @EnumSource(KvCacheType.class)
  void anyNumberOfThreadsGivesTheSameBits(KvCacheType cacheType) {
    DecoderModel model = sample(TensorType.Q8_0).load(Kernels.best());
    int[] all = IntStream.range(0, TOKENS.length).toArray();
    ForwardBatch batch =
        new ForwardBatch(TOKENS, all, new int[TOKENS.length], new int[][] {{2, 0, 1}}, all);
    float[][] logits = new float[3][TOKENS.length * 70];
    for (int threads = 1; threads <= 3; threads++) {
      try (ComputePool pool =
          ComputePool.of(threads, Thread.ofPlatform().name("compute").daemon().factory())) {
        new Decoder(model, new KvCache(model.config(), 3, 16, cacheType), TOKENS.length, pool)
            .forward(batch, logits[threads - 1]);
      }
    }
    assertThat(logits[1]).isEqualTo(logits[0]);
    assertThat(logits[2]).isEqualTo(logits[0]);
  }

  @Test
  void halfPrecisionKeysAndValuesChangeLogitsLittle() {
    DecoderModel model = sample(TensorType.F32).load(Kernels.best());
    int[] all = IntStream.range(0, TOKENS.length).toArray();
    float[] logits = new float[TOKENS.length * 70];
    new Decoder(model, new KvCache(model.config(), 3, 16, KvCacheType.F16), TOKENS.length)
        .forward(
            new ForwardBatch(TOKENS, all, new int[TOKENS.length], new int[][] {{2, 0, 1}}, all),
            logits);
    assertThat(logits).isNotEqualTo(whole(model, TOKENS));
    assertThat(logits).containsExactly(whole(model, TOKENS), within(5e-3f));
  }

  @Test
  void warmingUpTouchesNoSequence() {
    DecoderModel model = sample(TensorType.Q8_0).load(Kernels.best());
    Decoder decoder = new Decoder(model, new KvCache(model.config(), 2, 4), 5);
    int[][] table = {{0, 1}};
    int[] outputs = {4};
    float[] logits = new float[70];
    int[] first = Arrays.copyOf(TOKENS, 5);
    decoder.forward(
        new ForwardBatch(first, new int[] {0, 1, 2, 3, 4}, new int[5], table, outputs), logits);
    decoder.warmUp();
    int[] next = {TOKENS[5]};
    decoder.forward(new ForwardBatch(next, new int[] {5}, new int[1], table, new int[1]), logits);
    assertThat(logits).isEqualTo(row(whole(model, Arrays.copyOf(TOKENS, 6)), 5));
  }

  @Test
  void refusesABatchThatReachesOutOfItsBounds() {
    DecoderModel model = sample(TensorType.F32).load(Kernels.best());
    Decoder decoder = new Decoder(model, new KvCache(model.config(), 2, 4), 4);
    int[] one = {0};
    int[][] table = {{0, 1}};
    refuses(decoder, "rows must be in [1, 4], not 5", new int[5], new int[5], new int[5], table);
    refuses(decoder, "rows must be in [1, 4], not 0", new int[0], new int[0], new int[0], table);
    refuses(decoder, "token must be in [0, 69], not 70", new int[] {70}, one, one, table);
    refuses(decoder, "position must be in [0, 63], not -1", one, new int[] {-1}, one, table);
    refuses(decoder, "block index must be in [0, 1], not 2", one, new int[] {8}, one, table);
    refuses(decoder, "sequence must be in [0, 0], not 1", one, one, new int[] {1}, table);
    refuses(decoder, "block must be in [0, 1], not 2", one, one, one, new int[][] {{2}});
    refuses(decoder, "must rise by one", new int[2], new int[] {1, 1}, new int[2], table);
    assertThatThrownBy(
            () -> decoder.forward(new ForwardBatch(one, one, one, table, one), new float[69]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("logits hold 69 floats");
    assertThatThrownBy(
            () ->
                decoder.forward(
                    new ForwardBatch(one, one, one, table, new int[] {1}), new float[70]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("output row must be in [0, 0], not 1");
  }

  private static void refuses(
      Decoder decoder,
      String message,
      int[] tokens,
      int[] positions,
      int[] sequence,
      int[][] tables) {
    ForwardBatch batch = new ForwardBatch(tokens, positions, sequence, tables, new int[0]);
    assertThatThrownBy(() -> decoder.forward(batch, new float[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
