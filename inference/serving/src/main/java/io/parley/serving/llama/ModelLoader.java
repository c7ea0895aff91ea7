package io.parley.serving.llama;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.engine.Engine;
import io.parley.engine.EngineLimits;
import io.parley.engine.ModelRunner;
import io.parley.engine.PrefixCacheSettings;
import io.parley.engine.Scheduler;
import io.parley.engine.SchedulerOptions;
import io.parley.engine.TokenCost;
import io.parley.engine.Vocabulary;
import io.parley.engine.speculation.Speculation;
import io.parley.model.gguf.GgufException;
import io.parley.model.gguf.GgufFile;
import io.parley.model.kernel.ComputePool;
import io.parley.model.llama.KvCache;
import io.parley.model.llama.LlamaConfig;
import io.parley.model.llama.LlamaDecoder;
import io.parley.model.llama.LlamaModel;
import io.parley.model.template.ChatTemplate;
import io.parley.model.tokenizer.BytePairTokenizer;
import io.parley.ports.model.ModelDescriptor;
import io.parley.serving.EngineLoop;
import io.parley.serving.ServedModel;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes running models from GGUF files. Thread-safe. */
public final class ModelLoader {
  /** When the weights were made, in seconds since 1970; without it the file's own time counts. */
  public static final String CREATED_AT_KEY = "parley.created_at";

  /**
   * What checking a guess costs, relative to a step of one sequence: measured, eight rows in one
   * step take about four times as long as one.
   */
  private static final double GUESS_COST = 0.5;

  private static final Logger log = LoggerFactory.getLogger(ModelLoader.class);
  private static final long LATEST_SECOND = Instant.MAX.getEpochSecond();

  private final TimeSource time;
  private final RandomGenerator secrets;
  private final ComputePool compute;

  /** A loader whose models compute on their engine's thread alone. */
  public ModelLoader(TimeSource time, RandomGenerator secrets) {
    this(time, secrets, ComputePool.alone());
  }

  /**
   * @param secrets gives each model the key of its prefix cache: cryptographically strong, so that
   *     no client can tell which prompts collide
   * @param compute shared by all models
   */
  public ModelLoader(TimeSource time, RandomGenerator secrets, ComputePool compute) {
    this.time = time;
    this.secrets = secrets;
    this.compute = compute;
  }

  /**
   * Maps the file, loads and repacks the weights, and starts the engine's thread. Takes about a
   * second for a small model. The kernels go on to be warmed up for a second or two.
   *
   * @throws ParleyException INVALID_REQUEST that says what is wrong with the file, and where
   */
  public ServedModel load(ModelSettings settings) {
    long began = time.nanoTime();
    try (GgufFile file = GgufFile.open(settings.file())) {
      ServedModel model = start(settings, file);
      log.info(
          "{}: loaded from {} in {} ms, context {} tokens",
          settings.name(),
          settings.file(),
          (time.nanoTime() - began) / 1_000_000,
          model.descriptor().contextTokens());
      return model;
    } catch (GgufException | IOException e) {
      throw new ParleyException(
          ErrorCode.INVALID_REQUEST, "models.%s.file: %s".formatted(settings.name(), e), e);
    }
  }

  private ServedModel start(ModelSettings settings, GgufFile file) throws IOException {
    BytePairTokenizer tokenizer = BytePairTokenizer.from(file);
    ChatTemplate template = ChatTemplate.from(file, tokenizer);
    // The first rendering takes as long as the weights do: they go side by side.
    FutureTask<Boolean> readsSystemPrompt = new FutureTask<>(template::readsSystemPrompt);
    threads(settings, "template").newThread(readsSystemPrompt).start();
    LlamaModel model = LlamaModel.load(file);
    EngineLimits limits = limits(settings, model.config());
    LlamaRunner runner = runner(settings, model, limits);
    ModelDescriptor descriptor = descriptor(settings, file, limits, await(readsSystemPrompt));
    return new ServedModel(
        descriptor,
        new TemplateEncoder(template),
        startLoop(
            limits,
            new TokenizerVocabulary(tokenizer),
            options(settings, model.config()),
            runner,
            threads(settings, "engine")),
        settings.prefixCache());
  }

  private SchedulerOptions options(ModelSettings settings, LlamaConfig config) {
    PrefixCacheSettings prefixCache =
        settings.prefixCache()
            ? PrefixCacheSettings.withSecretFrom(secrets)
            : PrefixCacheSettings.OFF;
    return SchedulerOptions.PLAIN
        .with(tokenCost(config))
        .with(prefixCache)
        .with(new Speculation(settings.maxDraftTokens(), GUESS_COST));
  }

  private EngineLoop startLoop(
      EngineLimits limits,
      Vocabulary vocabulary,
      SchedulerOptions options,
      ModelRunner runner,
      ThreadFactory threads) {
    return EngineLoop.start(
        limits,
        () -> new Engine(new Scheduler(limits, vocabulary, options), runner, time),
        time,
        threads);
  }

  /** The output matrix is left out: of a prompt, only the last token goes through it. */
  private static TokenCost tokenCost(LlamaConfig config) {
    long attention = 2L * config.width() * (config.queryWidth() + config.kvWidth());
    long feedForward = 3L * config.width() * config.feedForwardWidth();
    return TokenCost.ofDecoder(
        config.layers() * (attention + feedForward), config.layers(), config.queryWidth());
  }

  private static ThreadFactory threads(ModelSettings settings, String work) {
    return Thread.ofPlatform().name(work + "-" + settings.name()).daemon().factory();
  }

  private static <T> T await(Future<T> future) throws IOException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while loading");
    } catch (ExecutionException e) {
      throw new GgufException("tokenizer.chat_template: " + e.getCause());
    }
  }

  private LlamaRunner runner(ModelSettings settings, LlamaModel model, EngineLimits limits) {
    KvCache cache =
        new KvCache(model.config(), limits.blocks(), limits.blockTokens(), settings.kvCacheType());
    LlamaDecoder decoder = new LlamaDecoder(model, cache, limits.maxBatchTokens(), compute);
    // Beside the rest of the start: answers are right from the first on, and fast once this is
    // done.
    threads(settings, "warm-up").newThread(decoder::warmUp).start();
    int mostRows =
        Math.min(limits.maxBatchTokens(), limits.maxSequences() * (1 + settings.maxDraftTokens()));
    return new LlamaRunner(decoder, model.config().vocabularySize(), mostRows);
  }

  private static EngineLimits limits(ModelSettings settings, LlamaConfig config) {
    int blockTokens = settings.blockTokens();
    long affordable =
        settings.kvCacheBytes()
            / KvCache.bytesPerBlock(config, blockTokens, settings.kvCacheType());
    long useful =
        (long) settings.maxSequences() * Math.ceilDiv(config.contextTokens(), blockTokens);
    int blocks = (int) Math.min(Integer.MAX_VALUE, Math.min(affordable, useful));
    int context = (int) Math.min(config.contextTokens(), (long) blocks * blockTokens);
    if (context < 2) {
      throw ParleyException.invalid(
          "models.%s.kv_cache_bytes must be at least %d: %d"
              .formatted(
                  settings.name(),
                  Math.ceilDiv(2, blockTokens)
                      * KvCache.bytesPerBlock(config, blockTokens, settings.kvCacheType()),
                  settings.kvCacheBytes()));
    }
    if (context < config.contextTokens()) {
      log.warn(
          "{}: kv_cache_bytes = {} cut the context from {} to {} tokens",
          settings.name(),
          settings.kvCacheBytes(),
          config.contextTokens(),
          context);
    }
    return new EngineLimits(
        context,
        blocks,
        blockTokens,
        settings.maxBatchTokens(),
        settings.maxSequences(),
        settings.maxWaiting());
  }

  private static ModelDescriptor descriptor(
      ModelSettings settings, GgufFile file, EngineLimits limits, boolean readsSystemPrompt)
      throws IOException {
    return new ModelDescriptor(
        settings.name(),
        file.metadata().findString("general.name").orElse(settings.name()),
        createdAt(settings, file),
        limits.contextTokens(),
        readsSystemPrompt,
        false,
        false);
  }

  private static Instant createdAt(ModelSettings settings, GgufFile file) throws IOException {
    return file.metadata().has(CREATED_AT_KEY)
        ? Instant.ofEpochSecond(file.metadata().integer(CREATED_AT_KEY, 0, LATEST_SECOND))
        : Files.getLastModifiedTime(settings.file()).toInstant();
  }
}
