package io.parley.model.llama;

import io.parley.model.kernel.AttentionKernel;
import io.parley.model.kernel.Kernels;
import java.util.Arrays;

/**
 * Grouped-query attention (Ainslie et al. 2023, arXiv:2305.13245) over the blocks of a cache (Kwon
 * et al. 2023, arXiv:2309.06180). Each row and head goes through the blocks in the sequence's
 * order, so that neither other rows nor the blocks' places change a bit of the result. Not
 * thread-safe.
 */
final class PagedAttention {
  private final LlamaConfig config;
  private final KvCache cache;
  private final AttentionKernel kernel;
  private final float[] scores;

  PagedAttention(LlamaConfig config, KvCache cache, Kernels kernels) {
    this.config = config;
    this.cache = cache;
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
        attendHead(layer, head, table, batch.positions()[row] + 1, queries, out, at);
      }
    }
  }

  private void attendHead(
      int layer, int head, int[] table, int length, float[] queries, float[] out, int at) {
    int kvHead = head / (config.heads() / config.kvHeads());
    int blockTokens = cache.blockTokens();
    for (int from = 0, i = 0; from < length; from += blockTokens, i++) {
      int count = Math.min(blockTokens, length - from);
      kernel.score(
          queries, at, cache.keys(layer), cache.offset(table[i], kvHead), count, scores, from);
    }
    float sum = kernel.weigh(scores, length);
    for (int from = 0, i = 0; from < length; from += blockTokens, i++) {
      int count = Math.min(blockTokens, length - from);
      kernel.addValues(
          scores, from, cache.values(layer), cache.offset(table[i], kvHead), count, out, at);
    }
    for (int d = 0; d < config.headSize(); d++) {
      out[at + d] /= sum;
    }
  }
}
