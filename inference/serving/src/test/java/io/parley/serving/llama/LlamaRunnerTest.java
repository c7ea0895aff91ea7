package io.parley.serving.llama;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.common.TimeSource;
import io.parley.engine.Engine;
import io.parley.engine.EngineEvent;
import io.parley.engine.EngineEvent.Completed;
import io.parley.engine.EngineEvent.Text;
import io.parley.engine.EngineLimits;
import io.parley.engine.ModelRunner;
import io.parley.engine.PrefixCacheSettings;
import io.parley.engine.Scheduler;
import io.parley.engine.SchedulerOptions;
import io.parley.engine.SequenceRequest;
import io.parley.engine.StepResult;
import io.parley.engine.sampling.SamplingParameters;
import io.parley.model.decoder.Decoder;
import io.parley.model.decoder.DecoderModel;
import io.parley.model.decoder.KvCache;
import io.parley.model.family.Families;
import io.parley.model.gguf.GgufFile;
import io.parley.model.kernel.Kernels;
import io.parley.model.tokenizer.BytePairTokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LlamaRunnerTest {
  /** A budget so small that prompts take several steps. */
  private static final EngineLimits LIMITS =
      new EngineLimits(TinyModel.CONTEXT_TOKENS, 64, 16, 24, 8, 64);

  private static final PrefixCacheSettings SHARING = new PrefixCacheSettings(true, 1, 2);

  @TempDir private Path directory;
  private DecoderModel model;
  private TokenizerVocabulary vocabulary;

  @BeforeEach
  void load() throws Exception {
    try (GgufFile file = GgufFile.open(TinyModel.write(directory.resolve("t.gguf"), Map.of()))) {
      // Quicker than vector kernels that are not compiled yet.
      model = Families.load(file, Kernels.scalar());
      vocabulary = new TokenizerVocabulary(BytePairTokenizer.from(file));
    }
  }

  @Test
  void aRequestGetsTheSameTextAloneAndInACrowd() {
    List<SequenceRequest> requests = requests(new SplittableRandom(4));
    Map<Long, String> together = run(requests);
    for (int i = 0; i < requests.size(); i++) {
      assertThat(together.get((long) i)).isEqualTo(run(requests.subList(i, i + 1)).get(0L));
    }
    assertThat(together.values()).doesNotHaveDuplicates();
  }

  @Test
  void afterACacheHitLogitsAreBitForBitTheSame() {
    int[] prompt = new SplittableRandom(7).ints(70, 0, 256).toArray();
    SequenceRequest beginning = request(Arrays.copyOf(prompt, 50));
    SequenceRequest whole = request(prompt);
    List<float[]> without = new ArrayList<>();
    run(List.of(whole), PrefixCacheSettings.OFF, without);
    List<float[]> with = new ArrayList<>();
    Engine engine = engine(SHARING, with);
    finish(engine, 0, beginning);
    with.clear();
    finish(engine, 1, whole);
    assertThat(engine.gauges().prefixCache().hitTokens()).isEqualTo(48);
    assertThat(with).hasSameSizeAs(without);
    for (int i = 0; i < with.size(); i++) {
      assertThat(with.get(i)).containsExactly(without.get(i));
    }
  }

  @Test
  void answersFromSharedBlocksAreThoseFromBlocksOfTheirOwn() {
    SplittableRandom random = new SplittableRandom(5);
    int[] shared = random.ints(40, 0, 256).toArray();
    List<SequenceRequest> requests = new ArrayList<>();
    for (SequenceRequest request : requests(random)) {
      int[] prompt = Arrays.copyOf(shared, 40 + request.promptTokens().length);
      System.arraycopy(request.promptTokens(), 0, prompt, 40, request.promptTokens().length);
      requests.add(new SequenceRequest(prompt, 20, request.sampling(), List.of()));
    }
    assertThat(run(requests, SHARING, new ArrayList<>())).isEqualTo(run(requests));
  }

  private static SequenceRequest request(int[] prompt) {
    return new SequenceRequest(prompt, 10, SamplingParameters.GREEDY, List.of());
  }

  private static void finish(Engine engine, long id, SequenceRequest request) {
    engine.submit(id, request);
    while (!engine.isIdle()) {
      engine.step();
    }
  }

  @Test
  void specialTokensHaveNoText() {
    int special = 257;
    assertThat(vocabulary.bytes(special)).isEmpty();
    assertThat(vocabulary.bytes('a')).containsExactly('a');
    assertThat(vocabulary.isEndOfTurn(256)).isTrue();
    assertThat(vocabulary.isEndOfTurn(special)).isFalse();
    assertThat(vocabulary.size()).isEqualTo(259);
  }

  private static List<SequenceRequest> requests(SplittableRandom random) {
    List<SequenceRequest> requests = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      int[] prompt = random.ints(random.nextInt(5, 60), 0, 256).toArray();
      double temperature = i % 2 == 0 ? 0 : 0.8;
      requests.add(
          new SequenceRequest(
              prompt, 20, new SamplingParameters(temperature, 0, 0.9, i), List.of()));
    }
    return requests;
  }

  /** The text of every request, and the reason of its end. */
  private Map<Long, String> run(List<SequenceRequest> requests) {
    return run(requests, PrefixCacheSettings.OFF, new ArrayList<>());
  }

  /** An engine that keeps every row of logits. */
  private Engine engine(PrefixCacheSettings prefixCache, List<float[]> rows) {
    KvCache cache = new KvCache(model.config(), LIMITS.blocks(), LIMITS.blockTokens());
    Decoder decoder = new Decoder(model, cache, LIMITS.maxBatchTokens());
    LlamaRunner runner = new LlamaRunner(decoder, vocabulary.size(), LIMITS.maxSequences());
    ModelRunner keeping =
        plan -> {
          StepResult result = runner.run(plan);
          for (int row = 0; row < result.rows(); row++) {
            int from = row * vocabulary.size();
            rows.add(Arrays.copyOfRange(result.logits(), from, from + vocabulary.size()));
          }
          return result;
        };
    return new Engine(
        new Scheduler(LIMITS, vocabulary, SchedulerOptions.PLAIN.with(prefixCache)),
        keeping,
        TimeSource.system());
  }

  private Map<Long, String> run(
      List<SequenceRequest> requests, PrefixCacheSettings prefixCache, List<float[]> rows) {
    Engine engine = engine(prefixCache, rows);
    for (int i = 0; i < requests.size(); i++) {
      engine.submit(i, requests.get(i));
    }
    Map<Long, String> texts = new HashMap<>();
    while (!engine.isIdle()) {
      for (EngineEvent event : engine.step()) {
        if (event instanceof Text text) {
          texts.merge(text.sequenceId(), text.text(), String::concat);
        } else if (event instanceof Completed end) {
          texts.merge(end.sequenceId(), end.reason().name(), String::concat);
        }
      }
    }
    assertThat(engine.gauges().blocksInUse()).isZero();
    assertThat(texts).hasSize(requests.size());
    return texts;
  }
}
