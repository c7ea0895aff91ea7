package io.parley.serving.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.model.decoder.KvCacheType;
import io.parley.ports.model.CachePoint;
import io.parley.ports.model.Generation;
import io.parley.ports.model.GenerationEvent.Cancelled;
import io.parley.ports.model.GenerationEvent.Completed;
import io.parley.ports.model.GenerationEvent.Started;
import io.parley.ports.model.GenerationRequest;
import io.parley.ports.model.ModelDescriptor;
import io.parley.ports.model.Prompt;
import io.parley.ports.model.Sampling;
import io.parley.ports.model.Usage;
import io.parley.serving.AliasTable;
import io.parley.serving.Heard;
import io.parley.serving.LocalModelPool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** From a file to text, every part the real one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModelLoaderTest {
  private static final long CREATED_AT = 1_790_000_000;

  private final ModelLoader loader = new ModelLoader(TimeSource.system(), new SplittableRandom(1));
  private Path directory;
  private Path file;
  private LocalModelPool pool;

  @BeforeAll
  void load(@TempDir Path directory) throws Exception {
    this.directory = directory;
    Map<String, Object> created = Map.of(ModelLoader.CREATED_AT_KEY, CREATED_AT);
    file = TinyModel.write(directory.resolve("tiny.gguf"), created);
    pool = pool(ModelSettings.of("tiny", file));
  }

  @AfterAll
  void close() {
    pool.close();
  }

  @Test
  void describesTheModel() {
    assertThat(pool.models())
        .containsExactly(
            new ModelDescriptor(
                "tiny",
                "Tiny",
                Instant.ofEpochSecond(CREATED_AT),
                TinyModel.CONTEXT_TOKENS,
                true,
                false,
                false));
  }

  @Test
  void countsWhatItReads() throws Exception {
    // <|user|> h e l l o <|end|> <|assistant|>
    assertThat(pool.countTokens("tiny", prompt("hello"))).isEqualTo(8);
    assertThat(pool.countTokens("tiny", prompt("<|end|>"))).as("text stays text").isEqualTo(10);
    Heard heard = new Heard();
    pool.generate(request("hello", 5, 0), heard);
    heard.awaitEnd();
    assertThat(((Started) heard.events().getFirst()).usage()).isEqualTo(new Usage(8, 0));
  }

  @Test
  void tellsHowMuchOfAMarkedSystemPromptWasComputedAlready() throws Exception {
    String system = "You are terse. ".repeat(4); // 60 characters, 60 tokens
    Prompt prompt =
        new Prompt(
            system,
            List.of(new Prompt.Turn(Prompt.Role.USER, "hello")),
            new CachePoint(CachePoint.IN_SYSTEM, system.length()));
    int marked = 4 * 16; // of 70, ten for "<|system|>": whole blocks only
    int rest = pool.countTokens("tiny", prompt) - marked;
    assertThat(started(prompt)).isEqualTo(new Usage(rest, 0, marked, 0));
    assertThat(started(prompt)).isEqualTo(new Usage(rest, 0, 0, marked));
  }

  private Usage started(Prompt prompt) throws Exception {
    Heard heard = new Heard();
    pool.generate(
        new GenerationRequest("r", "o", "tiny", prompt, 3, Sampling.GREEDY, List.of()), heard);
    heard.awaitEnd();
    return ((Started) heard.events().getFirst()).usage();
  }

  @Test
  void writesTheSameTextForTheSameSeed() throws Exception {
    Heard first = new Heard();
    Heard second = new Heard();
    Heard other = new Heard();
    pool.generate(request("hello", 60, 1), first);
    pool.generate(request("hello", 60, 2), other);
    pool.generate(request("hello", 60, 1), second);
    assertThat(first.awaitEnd()).isInstanceOf(Completed.class).isEqualTo(second.awaitEnd());
    other.awaitEnd();
    assertThat(first.text()).isNotEmpty().isEqualTo(second.text()).isNotEqualTo(other.text());
  }

  @Test
  void aCancelledGenerationLeavesNoBlockBehind() throws Exception {
    Heard heard = new Heard();
    Generation generation = pool.generate(request("hello", 240, 3), heard);
    generation.cancel();
    assertThat(heard.awaitEnd()).isInstanceOf(Cancelled.class);
    assertThat(pool.gauges("tiny").blocksInUse()).isZero();
  }

  @Test
  void takesNoMoreMemoryThanTheSequencesNeed() {
    int blocksOfAContext = TinyModel.CONTEXT_TOKENS / 16;
    assertThat(pool.gauges("tiny").blocks())
        .isEqualTo(blocksOfAContext * ModelSettings.DEFAULT_MAX_SEQUENCES);
  }

  @Test
  void aSmallCacheCutsTheContext() {
    // Two layers of keys and values, two heads of eight floats: 256 bytes a token.
    try (LocalModelPool small =
        pool(
            new ModelSettings(
                "small",
                file,
                10_000,
                KvCacheType.F32,
                16,
                64,
                4,
                4,
                1000,
                true,
                4,
                Optional.empty(),
                0))) {
      assertThat(small.models().getFirst().contextTokens()).isEqualTo(32);
      assertThat(small.gauges("small").blocks()).isEqualTo(2);
    }
  }

  @Test
  void aCacheThatHoldsNothingIsRefused() {
    ModelSettings settings =
        new ModelSettings(
            "small", file, 4000, KvCacheType.F32, 16, 64, 4, 4, 1000, true, 4, Optional.empty(), 0);
    assertThatThrownBy(() -> loader.load(settings))
        .isInstanceOf(ParleyException.class)
        .hasMessageContaining("models.small.kv_cache_bytes must be at least 4096");
  }

  @Test
  void aFileThatIsMissingOrDamagedIsNamed() throws Exception {
    Path missing = directory.resolve("missing.gguf");
    Path damaged = Files.write(directory.resolve("damaged.gguf"), new byte[100]);
    Path cut = directory.resolve("cut.gguf");
    byte[] whole = Files.readAllBytes(file);
    Files.write(cut, Arrays.copyOf(whole, whole.length - 1000));
    for (Path wrong : List.of(missing, damaged, cut)) {
      assertThatThrownBy(() -> loader.load(ModelSettings.of("m", wrong)))
          .isInstanceOfSatisfying(
              ParleyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
          .hasMessageContaining("models.m.file")
          .hasMessageContaining(wrong.getFileName().toString());
    }
  }

  @Test
  void aDraftModelOfTheSameTokensIsTakenAndChangesNoAnswer() throws Exception {
    try (LocalModelPool drafting = pool(drafting(file))) {
      assertThat(answer(drafting)).isEqualTo(answer(pool));
    }
  }

  @Test
  void aDraftModelWithAShorterContextOrOtherTokensIsRefused() throws Exception {
    Path shorter = TinyModel.write(directory.resolve("s.gguf"), Map.of("llama.context_length", 64));
    assertThatThrownBy(() -> loader.load(drafting(shorter)))
        .isInstanceOf(ParleyException.class)
        .hasMessageContaining("models.drafts.tiny: its context of 64 tokens is shorter");
    List<String> tokens = TinyModel.tokens();
    Collections.swap(tokens, 'a', 'b');
    Path other =
        TinyModel.write(
            directory.resolve("o.gguf"),
            Map.of("tokenizer.ggml.tokens", tokens.toArray(String[]::new)));
    assertThatThrownBy(() -> loader.load(drafting(other)))
        .isInstanceOf(ParleyException.class)
        .hasMessageContaining("models.drafts.tiny: its token 97 ");
  }

  private static String answer(LocalModelPool pool) throws Exception {
    Heard heard = new Heard();
    pool.generate(request("hello", 60, 1), heard);
    heard.awaitEnd();
    return heard.text();
  }

  private ModelSettings drafting(Path draft) {
    return new ModelSettings(
        "tiny", file, 1 << 20, KvCacheType.F32, 16, 64, 4, 4, 1000, true, 4, Optional.of(draft), 0);
  }

  @Test
  void settingsNameTheFieldThatIsWrong() {
    assertThatThrownBy(
            () ->
                new ModelSettings(
                    "m", file, 1, KvCacheType.F32, 16, 7, 8, 1, 1000, true, 4, Optional.empty(), 0))
        .isInstanceOf(ParleyException.class)
        .hasMessageContaining("models.m.max_batch_tokens");
  }

  private LocalModelPool pool(ModelSettings settings) {
    return new LocalModelPool(
        List.of(loader.load(settings)), AliasTable.EMPTY, new SplittableRandom(1));
  }

  private static GenerationRequest request(String text, int maxTokens, long seed) {
    Sampling sampling = new Sampling(1, 0, 1, OptionalLong.of(seed));
    return new GenerationRequest("r", "o", "tiny", prompt(text), maxTokens, sampling, List.of());
  }

  private static Prompt prompt(String text) {
    return new Prompt("", List.of(new Prompt.Turn(Prompt.Role.USER, text)));
  }
}
