package io.parley.serving;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.engine.EngineGauges;
import io.parley.engine.PriorityClass;
import io.parley.engine.SchedulingTerms;
import io.parley.engine.SequenceRequest;
import io.parley.engine.sampling.SamplingParameters;
import io.parley.ports.model.Generation;
import io.parley.ports.model.GenerationListener;
import io.parley.ports.model.GenerationRequest;
import io.parley.ports.model.ModelDescriptor;
import io.parley.ports.model.ModelPool;
import io.parley.ports.model.Prompt;
import io.parley.ports.model.Sampling;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The models of this process. Thread-safe.
 *
 * <p>It owns its models: closing the pool closes them.
 */
public final class LocalModelPool implements ModelPool, AutoCloseable {
  private final Map<String, ServedModel> models = new LinkedHashMap<>();
  private final AliasTable aliases;
  private final RandomGenerator seeds;

  /**
   * Makes a pool of models that run already.
   *
   * @param seeds where requests without a seed get theirs; thread-safe
   * @throws ParleyException INVALID_REQUEST if two models have one id, or an alias names a model
   *     that is not there
   */
  public LocalModelPool(List<ServedModel> models, AliasTable aliases, RandomGenerator seeds) {
    for (ServedModel model : models) {
      if (this.models.putIfAbsent(model.id(), model) != null) {
        throw ParleyException.invalid("models: two have the name \"%s\"".formatted(model.id()));
      }
    }
    for (AliasTable.Alias alias : aliases.aliases()) {
      if (!this.models.containsKey(alias.modelId())) {
        throw ParleyException.invalid(
            "model_aliases: \"%s\" stands for \"%s\", which is not among the models: %s"
                .formatted(alias.pattern(), alias.modelId(), this.models.keySet()));
      }
    }
    this.aliases = aliases;
    this.seeds = seeds;
  }

  @Override
  public List<ModelDescriptor> models() {
    return models.values().stream()
        .filter(model -> model.loop().isOpen())
        .map(ServedModel::descriptor)
        .sorted(Comparator.comparing(ModelDescriptor::createdAt).reversed())
        .toList();
  }

  @Override
  public Optional<ModelDescriptor> find(String name) {
    String id = models.containsKey(name) ? name : aliases.resolve(name).orElse(name);
    return Optional.ofNullable(models.get(id)).map(ServedModel::descriptor);
  }

  @Override
  public int countTokens(String modelId, Prompt prompt) {
    return model(modelId).encoder().encode(prompt).length;
  }

  @Override
  public Generation generate(GenerationRequest request, GenerationListener listener) {
    ServedModel model = model(request.modelId());
    int[] tokens = model.encoder().encode(request.prompt());
    SequenceRequest sequence =
        new SequenceRequest(
            tokens,
            request.maxTokens(),
            parameters(request.sampling()),
            request.stopSequences(),
            terms(request, model.loop().timeLimitNanos(tokens.length, request.maxTokens())));
    int marked = model.prefixCache() ? markedTokens(model, request.prompt(), tokens) : 0;
    return model.loop().submit(request.requestId(), sequence, marked, listener);
  }

  /**
   * How many tokens the cache marker of a prompt covers. A template may put anything anywhere, so
   * the marked part is rendered too, and counts as far as the tokens are the same.
   */
  private static int markedTokens(ServedModel model, Prompt prompt, int[] tokens) {
    try {
      return prompt
          .marked()
          .map(marked -> commonPrefix(tokens, model.encoder().encode(marked)))
          .orElse(0);
    } catch (ParleyException e) {
      return 0; // a template may refuse the part where it takes the whole
    }
  }

  private static int commonPrefix(int[] a, int[] b) {
    int mismatch = Arrays.mismatch(a, b);
    return mismatch < 0 ? a.length : mismatch;
  }

  /** The organisation's share, and how urgent it is, are the caller's to know. */
  private static SchedulingTerms terms(GenerationRequest request, long timeLimitNanos) {
    return new SchedulingTerms(
        request.organisation(),
        request.share().weight(),
        request.share().maxRunning(),
        switch (request.serviceClass()) {
          case INTERACTIVE -> PriorityClass.INTERACTIVE;
          case BATCH -> PriorityClass.BATCH;
        },
        timeLimitNanos);
  }

  private SamplingParameters parameters(Sampling sampling) {
    return new SamplingParameters(
        sampling.temperature(),
        sampling.topK(),
        sampling.topP(),
        sampling.seed().orElseGet(seeds::nextLong));
  }

  /**
   * What the engine of a model is doing, as of its last step.
   *
   * @throws ParleyException NOT_FOUND if there is no such model
   */
  public EngineGauges gauges(String modelId) {
    return model(modelId).loop().gauges();
  }

  private ServedModel model(String id) {
    @Nullable ServedModel model = models.get(id);
    if (model == null) {
      throw new ParleyException(
          ErrorCode.NOT_FOUND, "model: there is no \"%s\", only %s".formatted(id, models.keySet()));
    }
    return model;
  }

  /**
   * Refuses new work in every model, lets streams go on for at most {@code limit}, then fails what
   * is left with OVERLOADED, and returns when all have ended.
   */
  public void close(Duration limit) {
    models.values().forEach(model -> model.loop().beginClose(limit));
    models.values().forEach(model -> model.loop().awaitEnd());
  }

  /** Closes without a delay for streams. */
  @Override
  public void close() {
    close(Duration.ZERO);
  }
}
