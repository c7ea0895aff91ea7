package io.parley.serving.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.common.TimeSource;
import io.parley.engine.BlockCopy;
import io.parley.engine.Engine;
import io.parley.engine.EngineEvent;
import io.parley.engine.EngineEvent.Completed;
import io.parley.engine.EngineEvent.Text;
import io.parley.engine.EngineLimits;
import io.parley.engine.GreedyDrafter;
import io.parley.engine.ModelRunner;
import io.parley.engine.PrefixCacheSettings;
import io.parley.engine.ScheduledSequence;
import io.parley.engine.Scheduler;
import io.parley.engine.SchedulerOptions;
import io.parley.engine.SequenceRequest;
import io.parley.engine.StepPlan;
import io.parley.engine.StepResult;
import io.parley.engine.sampling.SamplingParameters;
import io.parley.engine.speculation.Speculation;
import io.parley.model.decoder.DecoderModel;
import io.parley.model.decoder.KvCacheType;
import io.parley.model.family.Families;
import io.parley.model.gguf.GgufFile;
import io.parley.model.kernel.ComputePool;
import io.parley.model.kernel.Kernels;
import io.parley.model.tokenizer.BytePairTokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecoderRunnerTest {
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

  @Test
  void whatWaitedInHostMemoryGoesOnBitForBit() {
    DecoderRunner runner = runner(1);
    int[] tokens = new SplittableRandom(7).ints(40, 0, 256).toArray();
    float[] expected = logits(runner, tokens, 39, new int[] {1, 2, 3}, List.of(), tokens);
    int[] others = new SplittableRandom(8).ints(40, 0, 256).toArray();
    List<BlockCopy> out = copies(BlockCopy.Direction.TO_HOST, 1, 2, 3);
    logits(runner, others, 0, new int[] {3, 1, 2}, out, others);
    List<BlockCopy> back = copies(BlockCopy.Direction.FROM_HOST, 7, 9, 8);
    assertThat(logits(runner, tokens, 39, new int[] {7, 9, 8}, back, new int[0]))
        .containsExactly(expected);
  }

  /** Computes {@code before}, if there is any, then the last of the tokens; returns its logits. */
  private static float[] logits(
      DecoderRunner runner,
      int[] tokens,
      int last,
      int[] table,
      List<BlockCopy> copies,
      int[] before) {
    List<BlockCopy> left = copies;
    for (int from = 0; from < before.length; from += 20) {
      int[] part = Arrays.copyOfRange(before, from, from + 20);
      runner.run(new StepPlan(List.of(new ScheduledSequence(1, part, from, table, 0)), left));
      left = List.of();
    }
    ScheduledSequence part = new ScheduledSequence(1, new int[] {tokens[last]}, last, table, 1);
    return runner.run(new StepPlan(List.of(part), left)).logits().clone();
  }

  private static List<BlockCopy> copies(BlockCopy.Direction direction, int... blocks) {
    return IntStream.range(0, blocks.length)
        .mapToObj(slot -> new BlockCopy(direction, blocks[slot], slot))
        .toList();
  }

  @Test
  void aDraftModelChangesNoAnswer() {
    List<SequenceRequest> requests = requests(new SplittableRandom(6));
    SchedulerOptions options = SchedulerOptions.PLAIN.with(new Speculation(3, 0.1, 0.1));
    DecoderRunner runner = runner(4 * LIMITS.maxSequences());
    Engine engine =
        new Engine(
            new Scheduler(LIMITS, vocabulary, options),
            runner,
            new GreedyDrafter(runner(LIMITS.maxSequences())),
            TimeSource.system());
    assertThat(run(requests, engine)).isEqualTo(run(requests));
    assertThat(engine.gauges().speculation().guessesRight()).isGreaterThan(20);
  }

  private DecoderRunner runner(int maxLogitsRows) {
    return new DecoderRunner(
        model, LIMITS, 4, maxLogitsRows, KvCacheType.F32, ComputePool.alone(), TimeSource.system());
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
    DecoderRunner runner = runner(LIMITS.maxSequences());
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
    return run(requests, engine(prefixCache, rows));
  }

  private static Map<Long, String> run(List<SequenceRequest> requests, Engine engine) {
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
