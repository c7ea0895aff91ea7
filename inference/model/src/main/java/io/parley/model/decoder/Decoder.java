package io.parley.model.decoder;

import io.parley.model.kernel.ComputePool;
import io.parley.model.kernel.Kernels;
import io.parley.model.kernel.Workspace;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Computes logits. Not thread-safe: a decoder, its cache and the arrays passed to it belong to one
 * thread.
 *
 * <p>A row's logits depend on its sequence's tokens alone, bit for bit: not on what else is in the
 * batch, nor on how the sequence is cut into batches, nor on which blocks it got.
 */
public final class Decoder {
  /** Fewer rows than this are normed, turned and activated by the caller alone. */
  private static final int LEAST_ROWS_TO_SHARE = 16;

  private static final int[] WARM_UP_ROWS = {1, 4, 8};
  private static final int WARM_UP_ROUNDS = 2;

  private final DecoderModel model;
  private final DecoderConfig config;
  private final Kernels kernels;
  private final KvCache cache;
  private final int maxRows;
  private final BatchCheck check;
  private final Rotations rotations;
  private final PagedAttention attention;

  private final float[] hidden;
  private final float[] normed;
  private final float[] queries;
  private final float[] keys;
  private final float[] values;
  private final float[] attended;
  private final float[] gate;
  private final float[] up;
  private final ComputePool pool;
  private final Workspace workspace;

  /** A decoder that computes on the caller's thread alone. */
  public Decoder(DecoderModel model, KvCache cache, int maxRows) {
    this(model, cache, maxRows, ComputePool.alone());
  }

  /**
   * Allocates scratch memory for {@code maxRows} rows.
   *
   * @param cache made for the same model; may be shared with other decoders of the same thread
   * @param maxRows rows of a batch at most, at least 1
   * @param pool shares the work, to the same bits; may be shared with other decoders
   */
  public Decoder(DecoderModel model, KvCache cache, int maxRows, ComputePool pool) {
    if (maxRows < 1) {
      throw new IllegalArgumentException("maxRows must be at least 1, not " + maxRows);
    }
    this.model = model;
    this.config = model.config();
    this.kernels = model.kernels();
    this.cache = cache;
    this.maxRows = maxRows;
    this.check = new BatchCheck(config, cache, maxRows);
    this.rotations = new Rotations(config, maxRows);
    this.pool = pool;
    this.workspace = new Workspace(pool);
    this.attention = new PagedAttention(config, cache, kernels, pool);
    this.hidden = scratch(config.width());
    this.normed = scratch(config.width());
    this.queries = scratch(config.queryWidth());
    this.keys = scratch(config.kvWidth());
    this.values = scratch(config.kvWidth());
    this.attended = scratch(config.queryWidth());
    this.gate = scratch(config.feedForwardWidth());
    this.up = scratch(config.feedForwardWidth());
  }

  private float[] scratch(int width) {
    return new float[Math.multiplyExact(maxRows, width)];
  }

  /**
   * Computes a batch: fills the cache for its rows and writes the logits that it asks for.
   *
   * @param logits receives {@code outputRows.length × vocabularySize} values, in the order of
   *     {@code outputRows}
   * @throws IllegalArgumentException that names what is wrong, before anything is computed, if the
   *     batch has more rows than {@code maxRows}, or names a token, position or block that does not
   *     exist
   */
  public void forward(ForwardBatch batch, float[] logits) {
    check.check(batch, logits);
    rotations.prepare(batch.positions());
    attention.prepare(batch);
    embed(batch.tokens());
    List<DecoderLayer> layers = model.layers();
    for (int i = 0; i < layers.size(); i++) {
      attend(batch, i, layers.get(i));
      feedForward(batch.rows(), layers.get(i));
    }
    project(batch.outputRows(), logits);
  }

  /**
   * Warms up the kernels that this model needs, and runs the decoder on a few made-up batches, so
   * that the first real request is not slow. Uses a small cache of its own; takes a second or two.
   */
  public void warmUp() {
    kernels.warmUp(model.weightTypes(), config.headSize(), cache.blockTokens());
    int rows = Math.min(maxRows, WARM_UP_ROWS[WARM_UP_ROWS.length - 1]);
    Decoder decoder =
        new Decoder(
            model, new KvCache(config, rows, cache.blockTokens(), cache.type()), rows, pool);
    float[] logits = new float[rows * config.vocabularySize()];
    for (int round = 0; round < WARM_UP_ROUNDS; round++) {
      for (int count : WARM_UP_ROWS) {
        decoder.forward(warmUpBatch(Math.min(count, rows), round), logits);
      }
    }
  }

  /** One token for each of {@code count} sequences, at a position that goes round in one block. */
  private ForwardBatch warmUpBatch(int count, int round) {
    int[] positions = new int[count];
    Arrays.fill(positions, round % Math.min(cache.blockTokens(), config.contextTokens()));
    int[] all = IntStream.range(0, count).toArray();
    int[][] tables = IntStream.of(all).mapToObj(i -> new int[] {i}).toArray(int[][]::new);
    return new ForwardBatch(new int[count], positions, all, tables, all);
  }

  private void embed(int[] tokens) {
    int width = config.width();
    for (int row = 0; row < tokens.length; row++) {
      model.embedding().readRow(tokens[row], hidden, row * width);
    }
    scale(hidden, 0, tokens.length, width, config.variant().embeddingScale());
  }

  private void attend(ForwardBatch batch, int index, DecoderLayer layer) {
    int rows = batch.rows();
    normAll(rows, layer.attentionNorm());
    layer.query().multiply(normed, rows, queries, workspace);
    layer.key().multiply(normed, rows, keys, workspace);
    layer.value().multiply(normed, rows, values, workspace);
    forRows(
        rows,
        (from, to) -> {
          addBias(from, to, layer.bias());
          normHeads(from, to, layer.headNorms());
          rotate(from, to, index);
          scale(queries, from, to, config.queryWidth(), config.variant().queryScale());
        });
    attention.store(batch, index, keys, values);
    attention.attend(batch, index, queries, attended);
    layer.attentionOutput().multiply(attended, rows, normed, workspace);
    addToHidden(rows, layer.postAttentionNorm());
  }

  /** What is done to each row alone, here rows [from, to). */
  private interface RowTask {
    void run(int from, int to);
  }

  /** Does a task for all rows, shared between threads if there are many. */
  private void forRows(int rows, RowTask task) {
    if (rows < LEAST_ROWS_TO_SHARE) {
      task.run(0, rows);
    } else {
      pool.run(rows, (from, to, worker) -> task.run(from, to));
    }
  }

  private void addBias(int from, int to, DecoderLayer.@Nullable AttentionBias bias) {
    if (bias != null) {
      addToRows(queries, from, to, bias.query());
      addToRows(keys, from, to, bias.key());
      addToRows(values, from, to, bias.value());
    }
  }

  private void normHeads(int from, int to, DecoderLayer.@Nullable HeadNorms norms) {
    if (norms != null) {
      normInPlace(queries, from * config.heads(), to * config.heads(), norms.query());
      normInPlace(keys, from * config.kvHeads(), to * config.kvHeads(), norms.key());
    }
  }

  private void rotate(int from, int to, int layer) {
    rotations
        .of(layer)
        .ifPresent(
            rotation -> {
              rotation.rotate(queries, from, to, config.heads());
              rotation.rotate(keys, from, to, config.kvHeads());
            });
  }

  private void feedForward(int rows, DecoderLayer layer) {
    normAll(rows, layer.feedForwardNorm());
    layer.gate().multiply(normed, rows, gate, workspace);
    layer.up().multiply(normed, rows, up, workspace);
    forRows(rows, this::activate);
    layer.down().multiply(gate, rows, normed, workspace);
    addToHidden(rows, layer.postFeedForwardNorm());
  }

  private void activate(int from, int to) {
    int at = from * config.feedForwardWidth();
    int count = (to - from) * config.feedForwardWidth();
    switch (config.variant().activation()) {
      case SWIGLU -> kernels.swiGlu(gate, up, at, count);
      case GEGLU -> kernels.geGlu(gate, up, at, count);
    }
  }

  private void normAll(int rows, float[] weight) {
    int width = config.width();
    forRows(
        rows,
        (from, to) -> {
          for (int at = from * width; at < to * width; at += width) {
            kernels.rmsNorm(hidden, at, weight, config.normEpsilon(), normed, at);
          }
        });
  }

  /** Norms pieces [from, to), each as long as the weight. */
  private void normInPlace(float[] x, int from, int to, float[] weight) {
    for (int at = from * weight.length; at < to * weight.length; at += weight.length) {
      kernels.rmsNorm(x, at, weight, config.normEpsilon(), x, at);
    }
  }

  private void addToHidden(int rows, float @Nullable [] postNorm) {
    forRows(
        rows,
        (from, to) -> {
          if (postNorm != null) {
            normInPlace(normed, from, to, postNorm);
          }
          for (int i = from * config.width(); i < to * config.width(); i++) {
            hidden[i] += normed[i];
          }
        });
  }

  private static void addToRows(float[] x, int from, int to, float[] bias) {
    for (int row = from; row < to; row++) {
      for (int i = 0; i < bias.length; i++) {
        x[row * bias.length + i] += bias[i];
      }
    }
  }

  private static void scale(float[] x, int from, int to, int width, float factor) {
    if (factor != 1) {
      for (int i = from * width; i < to * width; i++) {
        x[i] *= factor;
      }
    }
  }

  private void project(int[] outputRows, float[] logits) {
    if (outputRows.length == 0) {
      return;
    }
    int width = config.width();
    for (int i = 0; i < outputRows.length; i++) {
      kernels.rmsNorm(
          hidden,
          outputRows[i] * width,
          model.outputNorm(),
          config.normEpsilon(),
          normed,
          i * width);
    }
    model.output().multiply(normed, outputRows.length, logits, workspace);
    float cap = config.variant().outputSoftCap();
    if (cap > 0) {
      kernels.softCap(logits, 0, outputRows.length * config.vocabularySize(), cap);
    }
  }
}
