package io.parley.model.decoder;

import io.parley.model.kernel.AttentionKernel;
import io.parley.model.kernel.Kernels;
import java.util.Arrays;

/**
 * Grouped-query attention (Ainslie et al. 2023, arXiv:2305.13245) over the blocks of a cache (Kwon
 * et al. 2023, arXiv:2309.06180), to all positions or a sliding window of them. Each row and head
 * goes through the blocks in the sequence's order, so that neither other rows nor the blocks'
 * places change a bit of the result. Not thread-safe.
 */
final class PagedAttention {
  private final DecoderConfig config;
  private final KvCache cache;
  private final Kernels kernels;
  private final AttentionKernel kernel;
  private final float[] scores;

  PagedAttention(DecoderConfig config, KvCache cache, Kernels kernels) {
    this.config = config;
    this.cache = cache;
    this.kernels = kernels;
    this.kernel = kernels.attention(config.headSize(), cache.blockTokens());
    // The kernel may write scores up to the end of the last block.
    this.scores = new float[config.contextTokens() + cache.blockTokens()];
  }

  /** Stores the batch's keys and values, {@code kvWidth} a row, in a layer of the cache. */
  void store(ForwardBatch batch, int layer, float[] keys, float[] values) {
    int blockTokens = cache.blockTokens();
    for (int row = 0; row < batch.rows(); row++) {
      int position = batch.positions()[row];
      int block = batch.blockTables()[batch.sequence()[row]][position / blockTokens];
      cache.store(layer, block, position % blockTokens, keys, values, row * config.kvWidth());
    }
  }

  /** Attends with {@code queryWidth} query values a row, to as many values of {@code out}. */
  void attend(ForwardBatch batch, int layer, float[] queries, float[] out) {
    Arrays.fill(out, 0, batch.rows() * config.queryWidth(), 0);
    for (int row = 0; row < batch.rows(); row++) {
      int[] table = batch.blockTables()[batch.sequence()[row]];
      for (int head = 0; head < config.heads(); head++) {
        int at = row * config.queryWidth() + head * config.headSize();
        attendHead(layer, head, table, batch.positions()[row], queries, out, at);
      }
    }
  }

  private void attendHead(
      int layer, int head, int[] table, int position, float[] queries, float[] out, int at) {
    int kvHead = head / (config.heads() / config.kvHeads());
    int blockTokens = cache.blockTokens();
    int first = config.attention(layer).first(position);
    int count = position + 1 - first;
    // Of the first block, a sliding window may leave out some slots.
    int skipped = first % blockTokens;
    for (int slot = first - skipped; slot <= position; slot += blockTokens) {
      int inBlock = Math.min(blockTokens, position + 1 - slot);
      int keysAt = cache.offset(table[slot / blockTokens], kvHead);
      int scoresAt = slot - first + skipped;
      kernel.score(queries, at, cache.keys(layer), keysAt, inBlock, scores, scoresAt);
    }
    if (skipped > 0) {
      // Sums are striped from the first position, wherever in its block that is.
      System.arraycopy(scores, skipped, scores, 0, count);
    }
    float cap = config.variant().attentionSoftCap();
    if (cap > 0) {
      kernels.softCap(scores, 0, count, cap);
    }
    float sum = kernel.weigh(scores, count);
    for (int from = first; from <= position; ) {
      int slot = from % blockTokens;
      int inBlock = Math.min(blockTokens - slot, position + 1 - from);
      int valuesAt = cache.offset(table[from / blockTokens], kvHead) + slot * config.headSize();
      kernel.addValues(scores, from - first, cache.values(layer), valuesAt, inBlock, out, at);
      from += inBlock;
    }
    for (int d = 0; d < config.headSize(); d++) {
      out[at + d] /= sum;
    }
  }
}
