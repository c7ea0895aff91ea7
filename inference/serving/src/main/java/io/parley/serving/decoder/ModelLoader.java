package io.parley.serving.decoder;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.engine.Drafter;
import io.parley.engine.Engine;
import io.parley.engine.EngineLimits;
import io.parley.engine.GreedyDrafter;
import io.parley.engine.ModelRunner;
import io.parley.engine.PrefixCacheSettings;
import io.parley.engine.Scheduler;
import io.parley.engine.SchedulerOptions;
import io.parley.engine.SwapSettings;
import io.parley.engine.TokenCost;
import io.parley.engine.Vocabulary;
import io.parley.engine.WaitLimits;
import io.parley.engine.speculation.Speculation;
import io.parley.model.decoder.DecoderConfig;
import io.parley.model.decoder.DecoderModel;
import io.parley.model.decoder.KvCache;
import io.parley.model.family.Families;
import io.parley.model.files.OpenModel;
import io.parley.model.kernel.ComputePool;
import io.parley.model.kernel.Kernels;
import io.parley.model.source.ModelFileException;
import io.parley.model.source.ModelSource;
import io.parley.model.template.ChatTemplate;
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
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes running models from GGUF files and from directories of safetensors. Thread-safe. */
public final class ModelLoader {
  /** When the weights were made, in seconds since 1970; without it the file's own time counts. */
  public static final String CREATED_AT_KEY = "parley.created_at";

  /**
   * What checking a guess costs, relative to a step of one sequence: measured, eight rows in one
   * step take about four times as long as one.
   */
  private static final double GUESS_COST = 0.5;

  private static final int MOST_SWAP_SLOTS = 1 << 24;
  private static final Logger log = LoggerFactory.getLogger(ModelLoader.class);
  private static final long LATEST_SECOND = Instant.MAX.getEpochSecond();

  private final TimeSource time;
  private final RandomGenerator secrets;
  private final ComputePool compute;
  private final Kernels kernels;

  /** A loader whose models compute on their engine's thread alone, in F32. */
  public ModelLoader(TimeSource time, RandomGenerator secrets) {
    this(time, secrets, ComputePool.alone(), Kernels.best());
  }

  /**
   * @param secrets gives each model the key of its prefix cache: cryptographically strong, so that
   *     no client can tell which prompts collide
   * @param compute shared by all models
   * @param kernels of all models
   */
  public ModelLoader(
      TimeSource time, RandomGenerator secrets, ComputePool compute, Kernels kernels) {
    this.time = time;
    this.secrets = secrets;
    this.compute = compute;
    this.kernels = kernels;
  }

  /**
   * Maps the files, loads and repacks the weights, and starts the engine's thread. Takes about a
   * second for a small model. The kernels go on to be warmed up for a second or two.
   *
   * @throws ParleyException INVALID_REQUEST that says what is wrong with the files, and where
   */
  public ServedModel load(ModelSettings settings) {
    long began = time.nanoTime();
    try (OpenModel files = OpenModel.open(settings.file())) {
      ServedModel model = start(settings, files);
      log.info(
          "{}: loaded from {} in {} ms, context {} tokens",
          settings.name(),
          settings.file(),
          (time.nanoTime() - began) / 1_000_000,
          model.descriptor().contextTokens());
      return model;
    } catch (ModelFileException | IOException e) {
      throw new ParleyException(
          ErrorCode.INVALID_REQUEST, "models.%s.file: %s".formatted(settings.name(), e), e);
    }
  }

  private ServedModel start(ModelSettings settings, OpenModel files) throws IOException {
    ChatTemplate template = files.template();
    // The first rendering takes as long as the weights do: they go side by side.
    FutureTask<Boolean> readsSystemPrompt = new FutureTask<>(template::readsSystemPrompt);
    threads(settings, "template").newThread(readsSystemPrompt).start();
    DecoderModel model = Families.load(files.source(), kernels);
    EngineLimits limits = limits(settings, model.config());
    Vocabulary vocabulary = new TokenizerVocabulary(files.tokenizer());
    DraftModel draft =
        settings.draft().isEmpty()
            ? null
            : DraftModel.load(settings.name(), settings.draft().get(), vocabulary, limits, kernels);
    DecoderRunner runner = runner(settings, model, limits);
    Drafter drafter =
        draft == null ? null : new GreedyDrafter(runner(settings, draft.model(), limits));
    ModelDescriptor descriptor =
        descriptor(settings, files.source(), limits, await(readsSystemPrompt));
    return new ServedModel(
        descriptor,
        new TemplateEncoder(template),
        startLoop(
            limits,
            vocabulary,
            options(settings, model, draft),
            runner,
            drafter,
            threads(settings, "engine")),
        settings.prefixCache());
  }

  private SchedulerOptions options(
      ModelSettings settings, DecoderModel model, @Nullable DraftModel draft) {
    PrefixCacheSettings prefixCache =
        settings.prefixCache()
            ? PrefixCacheSettings.withSecretFrom(secrets)
            : PrefixCacheSettings.OFF;
    return SchedulerOptions.PLAIN
        .with(tokenCost(model.config()))
        .with(prefixCache)
        .with(
            new Speculation(
                settings.maxDraftTokens(),
                GUESS_COST,
                draft == null ? Double.POSITIVE_INFINITY : draft.costBeside(model)))
        .with(new SwapSettings(swapSlots(settings, model.config())))
        .with(waitLimits(settings));
  }

  private static WaitLimits waitLimits(ModelSettings settings) {
    long limit = TimeUnit.MILLISECONDS.toNanos(settings.maxWaitMs());
    return new WaitLimits(limit, limit, Long.MAX_VALUE);
  }

  private static int swapSlots(ModelSettings settings, DecoderConfig config) {
    long bytes = KvCache.bytesPerBlock(config, settings.blockTokens(), settings.kvCacheType());
    return (int) Math.min(MOST_SWAP_SLOTS, settings.swapBytes() / bytes);
  }

  private EngineLoop startLoop(
      EngineLimits limits,
      Vocabulary vocabulary,
      SchedulerOptions options,
      ModelRunner runner,
      @Nullable Drafter drafter,
      ThreadFactory threads) {
    return EngineLoop.start(
        limits,
        () -> new Engine(new Scheduler(limits, vocabulary, options), runner, drafter, time),
        time,
        threads);
  }

  /** The output matrix is left out: of a prompt, only the last token goes through it. */
  private static TokenCost tokenCost(DecoderConfig config) {
    return TokenCost.ofDecoder(layerWeights(config), config.layers(), config.queryWidth());
  }

  /** Weights of the matrices of all layers. */
  static long layerWeights(DecoderConfig config) {
    long attention = 2L * config.width() * (config.queryWidth() + config.kvWidth());
    long feedForward = 3L * config.width() * config.feedForwardWidth();
    return config.layers() * (attention + feedForward);
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
      throw new ModelFileException("tokenizer.chat_template: " + e.getCause());
    }
  }

  private DecoderRunner runner(ModelSettings settings, DecoderModel model, EngineLimits limits) {
    int mostRows =
        Math.min(limits.maxBatchTokens(), limits.maxSequences() * (1 + settings.maxDraftTokens()));
    DecoderRunner runner =
        new DecoderRunner(
            model,
            limits,
            swapSlots(settings, model.config()),
            mostRows,
            settings.kvCacheType(),
            compute,
            time);
    // Beside the rest of the start: answers are right from the first on, and fast once this is
    // done.
    threads(settings, "warm-up").newThread(runner::warmUp).start();
    return runner;
  }

  private static EngineLimits limits(ModelSettings settings, DecoderConfig config) {
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
      ModelSettings settings, ModelSource source, EngineLimits limits, boolean readsSystemPrompt)
      throws IOException {
    return new ModelDescriptor(
        settings.name(),
        source.metadata().findString("general.name").orElse(settings.name()),
        createdAt(settings, source),
        limits.contextTokens(),
        readsSystemPrompt,
        false,
        false);
  }

  private static Instant createdAt(ModelSettings settings, ModelSource source) throws IOException {
    return source.metadata().has(CREATED_AT_KEY)
        ? Instant.ofEpochSecond(source.metadata().integer(CREATED_AT_KEY, 0, LATEST_SECOND))
        : Files.getLastModifiedTime(settings.file()).toInstant();
  }
}
