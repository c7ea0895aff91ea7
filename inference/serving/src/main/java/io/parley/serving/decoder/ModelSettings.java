package io.parley.serving.decoder;

import io.parley.common.ParleyException;
import io.parley.engine.EngineLimits;
import io.parley.model.decoder.KvCacheType;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One model to load, and how much it may take on.
 *
 * @param name the id under which clients know it
 * @param file a GGUF file, or a directory with config.json, tokenizer.json and safetensors
 * @param kvCacheBytes memory for keys and values at most, in bytes; no more is taken than {@code
 *     maxSequences} full contexts need. Where it does not hold one full context, the context is cut
 *     to what it holds.
 * @param kvCacheType how they are stored
 * @param blockTokens tokens in a block of that memory
 * @param maxBatchTokens tokens computed in one step, at most; bounds how long a prompt can hold up
 *     the streams. At least {@code maxSequences}
 * @param maxSequences generations that run at the same time, at most
 * @param maxWaiting generations that wait to run, at most; one more is refused with OVERLOADED, or
 *     takes the place of one with less right to it
 * @param maxWaitMs how long a generation may have to wait to run, in milliseconds; one that would
 *     have to wait longer is refused with OVERLOADED. Batches may wait for ever
 * @param prefixCache whether prompts of one organisation share what they have in common
 * @param maxDraftTokens guesses at coming tokens that one generation has checked in a step, at
 *     most; 0 for none. Answers are the same either way
 * @param draft a GGUF file with a smaller model that has the same tokens, to guess where prompts
 *     give no hint; its keys and values come on top of {@code kvCacheBytes}
 * @param swapBytes host memory for keys and values of generations that give way to more urgent
 *     ones, at most, in bytes; taken when first needed
 */
public record ModelSettings(
    String name,
    Path file,
    long kvCacheBytes,
    KvCacheType kvCacheType,
    int blockTokens,
    int maxBatchTokens,
    int maxSequences,
    int maxWaiting,
    long maxWaitMs,
    boolean prefixCache,
    int maxDraftTokens,
    Optional<Path> draft,
    long swapBytes) {
  public static final long DEFAULT_KV_CACHE_BYTES = 256L << 20;
  public static final int DEFAULT_MAX_BATCH_TOKENS = 512;
  public static final int DEFAULT_MAX_SEQUENCES = 64;
  public static final int DEFAULT_MAX_WAITING = 1024;
  public static final long DEFAULT_MAX_WAIT_MS = 30_000;
  public static final int DEFAULT_MAX_DRAFT_TOKENS = 4;
  public static final long DEFAULT_SWAP_BYTES = 64L << 20;

  public ModelSettings {
    if (name.isBlank()) {
      throw ParleyException.invalid("models: the name of %s must not be blank".formatted(file));
    }
    atLeast(name, "kv_cache_bytes", kvCacheBytes, 1);
    atLeast(name, "block_tokens", blockTokens, 1);
    atLeast(name, "max_sequences", maxSequences, 1);
    atLeast(name, "max_waiting", maxWaiting, 1);
    atLeast(name, "max_wait_ms", maxWaitMs, 1);
    atLeast(name, "max_batch_tokens", maxBatchTokens, maxSequences);
    atLeast(name, "max_draft_tokens", maxDraftTokens, 0);
    atLeast(name, "swap_bytes", swapBytes, 0);
  }

  /** A model with the default limits. */
  public static ModelSettings of(String name, Path file) {
    return new ModelSettings(
        name,
        file,
        DEFAULT_KV_CACHE_BYTES,
        KvCacheType.F32,
        EngineLimits.DEFAULT_BLOCK_TOKENS,
        DEFAULT_MAX_BATCH_TOKENS,
        DEFAULT_MAX_SEQUENCES,
        DEFAULT_MAX_WAITING,
        DEFAULT_MAX_WAIT_MS,
        true,
        DEFAULT_MAX_DRAFT_TOKENS,
        Optional.empty(),
        DEFAULT_SWAP_BYTES);
  }

  private static void atLeast(String name, String field, long value, long least) {
    if (value < least) {
      throw ParleyException.invalid(
          "models.%s.%s must be at least %d: %d".formatted(name, field, least, value));
    }
  }
}
