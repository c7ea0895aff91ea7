package io.parley.model.decoder;

import io.parley.model.kernel.AttentionKernel;
import io.parley.model.kernel.ComputePool;
import io.parley.model.kernel.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Grouped-query attention (Ainslie et al. 2023, arXiv:2305.13245) over the blocks of a cache (Kwon
 * et al. 2023, arXiv:2309.06180), to all positions or a sliding window of them. Not thread-safe.
 *
 * <p>Up to {@link #MOST_QUERIES} queries that look at the same key head of the same sequence (rows
 * of a prompt, and the query heads that share the key head) go through the blocks together: a block
 * is fetched and widened once for all of them. That is also the unit that the threads of a pool
 * share. Each query adds up slots in the sequence's order, so that neither other rows nor the
 * blocks' places nor the number of threads change a bit of the result.
 */
final class PagedAttention {
  private static final int MOST_QUERIES = 32;

  /** Fewer multiply-adds than this are not worth the wake-up of a thread. */
  private static final long LEAST_TO_SHARE = 1 << 15;

  /** Fewer rows than this are stored by the caller alone. */
  private static final int LEAST_ROWS_TO_SHARE = 32;

  /** Rows [from, to) of a batch, all of one sequence, and a key head. */
  private record Unit(int from, int to, int kvHead) {}

  private final DecoderConfig config;
  private final KvCache cache;
  private final Kernels kernels;
  private final AttentionKernel kernel;
  private final ComputePool pool;
  private final AttentionScratch[] scratch;
  private final int queriesPerKey;
  private List<Unit> units = List.of();
  private long work;

  PagedAttention(DecoderConfig config, KvCache cache, Kernels kernels, ComputePool pool) {
    float scale = (float) (1 / Math.sqrt(config.headSize()));
    this.config = config;
    this.cache = cache;
    this.kernels = kernels;
    this.kernel = kernels.attention(config.headSize(), cache.blockTokens(), scale);
    this.pool = pool;
    this.queriesPerKey = config.heads() / config.kvHeads();
    this.scratch = new AttentionScratch[pool.threads()];
    Arrays.setAll(
        scratch,
        i ->
            new AttentionScratch(
                config.headSize(), cache.blockTokens(), MOST_QUERIES, queriesPerKey));
  }

  /** Cuts a batch into units, once for all layers. */
  void prepare(ForwardBatch batch) {
    int mostRows = Math.max(1, MOST_QUERIES / queriesPerKey);
    List<Unit> cut = new ArrayList<>();
    work = 0;
    for (int from = 0, to; from < batch.rows(); from = to) {
      to = from + 1;
      while (to < batch.rows()
          && to - from < mostRows
          && batch.sequence()[to] == batch.sequence()[from]) {
        to++;
      }
      for (int head = 0; head < config.kvHeads(); head++) {
        cut.add(new Unit(from, to, head));
      }
      work += (long) (to - from) * batch.positions()[to - 1] * config.queryWidth();
    }
    units = cut;
  }

  /** Stores the batch's keys and values, {@code kvWidth} a row, in a layer of the cache. */
  void store(ForwardBatch batch, int layer, float[] keys, float[] values) {
    ComputePool.Task task =
        (from, to, worker) -> {
          for (int row = from; row < to; row++) {
            storeRow(batch, layer, row, keys, values);
          }
        };
    run(batch.rows(), batch.rows() >= LEAST_ROWS_TO_SHARE, task);
  }

  private void storeRow(ForwardBatch batch, int layer, int row, float[] keys, float[] values) {
    int position = batch.positions()[row];
    int block = batch.blockTables()[batch.sequence()[row]][position / cache.blockTokens()];
    cache.store(layer, block, position % cache.blockTokens(), keys, values, row * config.kvWidth());
  }

  private void run(int count, boolean shared, ComputePool.Task task) {
    if (shared) {
      pool.run(count, task);
    } else {
      task.run(0, count, 0);
    }
  }

  /**
   * Attends with {@code queryWidth} query values a row, to as many values of {@code out}.
   *
   * @param batch that was {@link #prepare prepared} last
   */
  void attend(ForwardBatch batch, int layer, float[] queries, float[] out) {
    int window = window(layer);
    ComputePool.Task task =
        (from, to, worker) -> {
          for (int i = from; i < to; i++) {
            attend(batch, layer, units.get(i), queries, out, window, scratch[worker]);
          }
        };
    run(units.size(), work >= LEAST_TO_SHARE, task);
  }

  /** How many positions a row sees, its own included. */
  private int window(int layer) {
    int window = config.attention(layer).window();
    return window == LayerAttention.ALL ? Integer.MAX_VALUE : window;
  }

  private void attend(
      ForwardBatch batch,
      int layer,
      Unit unit,
      float[] queries,
      float[] out,
      int window,
      AttentionScratch memory) {
    int[] table = batch.blockTables()[batch.sequence()[unit.from]];
    memory.begin((unit.to - unit.from) * queriesPerKey, batch.positions()[unit.from], window);
    for (int i = 0; i < memory.count(); i++) {
      memory.putQuery(i, queries, at(unit, i));
    }
    score(layer, unit.kvHead, table, memory);
    float cap = config.variant().attentionSoftCap();
    for (int i = 0; i < memory.count(); i++) {
      if (cap > 0) {
        memory.softCap(i, cap, kernels);
      }
      memory.weigh(i, kernel);
    }
    addValues(layer, unit.kvHead, table, memory);
    for (int i = 0; i < memory.count(); i++) {
      memory.takeResult(i, out, at(unit, i));
    }
  }

  /**
   * Where query i of a unit stands: heads that share a key are neighbours, then comes the next row.
   */
  private int at(Unit unit, int i) {
    int head = unit.kvHead * queriesPerKey + i % queriesPerKey;
    return (unit.from + i / queriesPerKey) * config.queryWidth() + head * config.headSize();
  }

  private void score(int layer, int kvHead, int[] table, AttentionScratch memory) {
    int end = memory.endBlock();
    for (int block = memory.firstBlock(); block < end; block += AttentionScratch.BLOCKS) {
      int some = Math.min(end - block, AttentionScratch.BLOCKS);
      for (int i = 0; i < some; i++) {
        cache.readKeys(
            layer, table[block + i], kvHead, kernels, memory.blocks(), memory.blockAt(i));
      }
      memory.score(block, some, kernel);
    }
  }

  private void addValues(int layer, int kvHead, int[] table, AttentionScratch memory) {
    for (int block = memory.firstBlock(); block < memory.endBlock(); block++) {
      cache.readValues(layer, table[block], kvHead, kernels, memory.blocks(), 0);
      memory.addValues(block, kernel);
    }
  }
}
