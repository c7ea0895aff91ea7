package io.parley.bench.jlama;

import com.github.tjake.jlama.math.ActivationFunction;
import com.github.tjake.jlama.model.llama.LlamaConfig;
import com.github.tjake.jlama.model.llama.LlamaModel;
import com.github.tjake.jlama.safetensors.DType;
import com.github.tjake.jlama.safetensors.prompt.PromptSupport;
import com.github.tjake.jlama.safetensors.tokenizer.Tokenizer;
import com.github.tjake.jlama.safetensors.tokenizer.TokenizerModel;
import com.github.tjake.jlama.tensor.AbstractTensor;
import com.github.tjake.jlama.tensor.KvBufferCache;
import com.github.tjake.jlama.util.PhysicalCoreExecutor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * The process that measures Jlama: decode of 1, 8 and 16 sequences and a long prompt, the best of
 * several runs each. Jlama has no batches: each sequence has a thread that asks for its next token,
 * as in its own server.
 */
public final class JlamaPeer {
  private static final int[] SEQUENCES = {1, 8, 16};
  private static final int DECODE_STEPS = 16;
  private static final int LEAST_RUNS = 2;
  private static final long LEAST_NANOS = 3_000_000_000L;

  private final LlamaModel model;
  private final int vocabulary;
  private final KvBufferCache caches;
  private final int promptTokens;

  private JlamaPeer(LlamaShape shape, int promptTokens) {
    this.promptTokens = promptTokens;
    this.vocabulary = shape.vocabulary();
    LlamaConfig config =
        new LlamaConfig(
            shape.context(),
            shape.width(),
            shape.inner(),
            shape.heads(),
            shape.kvHeads(),
            shape.layers(),
            1e-5f,
            shape.vocabulary(),
            1,
            2,
            ActivationFunction.Type.SILU,
            100_000.0,
            null);
    this.model =
        new LlamaModel(
            config,
            new RandomWeights(shape),
            new NoTokenizer(),
            DType.F32,
            DType.I8,
            Optional.empty());
    this.caches = new KvBufferCache(model);
  }

  /**
   * Measures and prints {@code NAME=TOKENS_PER_SECOND} lines.
   *
   * @param arguments layers, width, inner width, heads, key heads, vocabulary, context; threads;
   *     tokens of the prompt
   */
  public static void main(String[] arguments) throws Exception {
    PhysicalCoreExecutor.overrideThreadCount(Integer.parseInt(arguments[7]));
    new JlamaPeer(LlamaShape.parse(arguments), Integer.parseInt(arguments[8])).measure();
    System.exit(0); // its threads would hold the process
  }

  private void measure() throws Exception {
    try (ExecutorService sessions = Executors.newCachedThreadPool()) {
      for (int sequences : SEQUENCES) {
        print(
            "decode-" + sequences,
            best(() -> decode(sequences, sessions), sequences * DECODE_STEPS));
      }
    }
    print("prefill", best(this::prefill, promptTokens));
  }

  private static void print(String name, double value) {
    System.out.printf(Locale.ROOT, "%s=%.3f%n", name, value);
  }

  private interface Run {
    void run() throws Exception;
  }

  private static double best(Run run, int tokens) throws Exception {
    long least = Long.MAX_VALUE;
    long began = System.nanoTime();
    for (int i = 0; i < LEAST_RUNS || System.nanoTime() - began < LEAST_NANOS; i++) {
      long start = System.nanoTime();
      run.run();
      least = Math.min(least, System.nanoTime() - start);
    }
    return tokens * 1e9 / least;
  }

  private void decode(int sequences, ExecutorService sessions) throws Exception {
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < sequences; i++) {
      all.add(sessions.submit(this::decodeOne));
    }
    for (Future<?> session : all) {
      session.get();
    }
  }

  private void decodeOne() {
    try (KvBufferCache.KvBuffer cache = caches.getEphemeralKvBuffer();
        AbstractTensor<?, ?> logits = model.makeDenseTensor(vocabulary)) {
      for (int position = 0; position < DECODE_STEPS; position++) {
        try (AbstractTensor<?, ?> out =
            model.forward(position, position, cache, Optional.empty())) {
          model.sample(out, 0, 0.5f, logits);
        }
        cache.incrementContextPosition();
      }
    }
  }

  private void prefill() {
    int[] tokens = IntStream.range(0, promptTokens).map(i -> i % vocabulary).toArray();
    try (KvBufferCache.KvBuffer cache = caches.getEphemeralKvBuffer()) {
      model.batchForward(tokens, 0, cache).close();
    }
  }

  /** Nobody speaks with this model. */
  private static final class NoTokenizer implements Tokenizer {
    @Override
    public List<String> tokenize(String sentence) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long[] encode(String sentence) {
      throw new UnsupportedOperationException();
    }

    @Override
    public String decode(long id) {
      throw new UnsupportedOperationException();
    }

    @Override
    public String decode(long[] ids) {
      throw new UnsupportedOperationException(Arrays.toString(ids));
    }

    @Override
    public Optional<PromptSupport> promptSupport() {
      return Optional.empty();
    }

    @Override
    public TokenizerModel getModel() {
      throw new UnsupportedOperationException();
    }
  }
}
