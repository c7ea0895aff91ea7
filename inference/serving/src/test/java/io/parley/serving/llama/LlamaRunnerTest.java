package io.parley.serving.llama;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.common.TimeSource;
import io.parley.engine.Engine;
import io.parley.engine.EngineEvent;
import io.parley.engine.EngineEvent.Completed;
import io.parley.engine.EngineEvent.Text;
import io.parley.engine.EngineLimits;
import io.parley.engine.Scheduler;
import io.parley.engine.SequenceRequest;
import io.parley.engine.sampling.SamplingParameters;
import io.parley.model.gguf.GgufFile;
import io.parley.model.kernel.Kernels;
import io.parley.model.llama.KvCache;
import io.parley.model.llama.LlamaDecoder;
import io.parley.model.llama.LlamaModel;
import io.parley.model.tokenizer.BytePairTokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
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

  @TempDir private Path directory;
  private LlamaModel model;
  private TokenizerVocabulary vocabulary;

  @BeforeEach
  void load() throws Exception {
    try (GgufFile file = GgufFile.open(TinyModel.write(directory.resolve("t.gguf"), Map.of()))) {
      // Quicker than vector kernels that are not compiled yet.
      model = LlamaModel.load(file, Kernels.scalar());
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
    KvCache cache = new KvCache(model.config(), LIMITS.blocks(), LIMITS.blockTokens());
    LlamaDecoder decoder = new LlamaDecoder(model, cache, LIMITS.maxBatchTokens());
    LlamaRunner runner = new LlamaRunner(decoder, vocabulary.size(), LIMITS.maxSequences());
    Engine engine = new Engine(new Scheduler(LIMITS, vocabulary), runner, TimeSource.system());
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
