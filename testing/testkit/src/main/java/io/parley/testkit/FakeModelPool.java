package io.parley.testkit;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.ports.model.Generation;
import io.parley.ports.model.GenerationListener;
import io.parley.ports.model.GenerationRequest;
import io.parley.ports.model.ModelDescriptor;
import io.parley.ports.model.ModelPool;
import io.parley.ports.model.Prompt;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ModelPool} whose answers a test writes: it generates nothing by itself. A test either
 * takes each {@link FakeGeneration} by {@link #take()} and plays the engine, or gives a script that
 * plays it at once. A word is a token. Thread-safe.
 */
public final class FakeModelPool implements ModelPool {
  /** How long {@link #take()} waits for a request that never comes. */
  private static final int PATIENCE_S = 20;

  private final List<ModelDescriptor> models;
  private final Map<String, String> aliases = new ConcurrentHashMap<>();
  private final BlockingQueue<FakeGeneration> started = new LinkedBlockingQueue<>();
  private final AtomicReference<@Nullable RuntimeException> refusal = new AtomicReference<>();
  private final AtomicReference<@Nullable Consumer<FakeGeneration>> script =
      new AtomicReference<>();

  /** Newest first. */
  public FakeModelPool(List<ModelDescriptor> models) {
    this.models = List.copyOf(models);
  }

  /** A small model that reads text and a system prompt, and nothing else. */
  public static ModelDescriptor textModel(String id) {
    return new ModelDescriptor(
        id, "Fake " + id, Instant.parse("2026-01-02T03:04:05Z"), 2048, true, false, false);
  }

  public FakeModelPool alias(String name, String modelId) {
    aliases.put(name, modelId);
    return this;
  }

  /** Plays every generation from now on by this script, on the thread that starts it. */
  public FakeModelPool script(Consumer<FakeGeneration> play) {
    script.set(play);
    return this;
  }

  /** Makes {@link #generate} and {@link #countTokens} throw from now on. */
  public void refuse(RuntimeException failure) {
    refusal.set(failure);
  }

  /** The next generation that was started and not yet taken; waits for one. */
  public FakeGeneration take() {
    try {
      FakeGeneration next = started.poll(PATIENCE_S, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("no generation was started");
      }
      return next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for a generation", e);
    }
  }

  /** Generations that were started and not yet taken. */
  public int waiting() {
    return started.size();
  }

  @Override
  public List<ModelDescriptor> models() {
    return models;
  }

  @Override
  public Optional<ModelDescriptor> find(String name) {
    String id = aliases.getOrDefault(name, name);
    return models.stream().filter(model -> model.id().equals(id)).findFirst();
  }

  @Override
  public int countTokens(String modelId, Prompt prompt) {
    checked(modelId);
    int words = words(prompt.system());
    for (Prompt.Turn turn : prompt.turns()) {
      words += words(turn.text());
    }
    return words;
  }

  @Override
  public Generation generate(GenerationRequest request, GenerationListener listener) {
    checked(request.modelId());
    FakeGeneration generation = new FakeGeneration(request, listener);
    Consumer<FakeGeneration> play = script.get();
    if (play != null) {
      play.accept(generation);
    }
    started.add(generation);
    return generation;
  }

  private void checked(String modelId) {
    RuntimeException failure = refusal.get();
    if (failure != null) {
      throw failure;
    }
    if (models.stream().noneMatch(model -> model.id().equals(modelId))) {
      throw new ParleyException(ErrorCode.NOT_FOUND, "model: " + modelId);
    }
  }

  private static int words(String text) {
    return text.isBlank() ? 0 : text.strip().split("\\s+", -1).length;
  }
}
