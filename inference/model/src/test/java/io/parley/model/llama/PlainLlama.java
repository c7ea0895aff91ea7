package io.parley.model.llama;

import io.parley.model.gguf.TensorData;
import java.util.function.DoubleUnaryOperator;

/**
 * The architecture straight from its papers: double precision, whole sequence at once, no cache, no
 * kernels. What the decoder is measured against.
 */
final class PlainLlama {
  private final SampleModel model;
  private final LlamaConfig config;

  PlainLlama(SampleModel model) {
    this.model = model;
    this.config = model.config;
  }

  /** Logits of every position. */
  double[][] logits(int[] tokens) {
    double[][] hidden = new double[tokens.length][config.width()];
    for (int t = 0; t < tokens.length; t++) {
      for (int i = 0; i < config.width(); i++) {
        hidden[t][i] = values("token_embd.weight")[tokens[t] * config.width() + i];
      }
    }
    for (int layer = 0; layer < config.layers(); layer++) {
      String prefix = "blk." + layer + ".";
      add(hidden, attention(norm(hidden, prefix + "attn_norm.weight"), prefix));
      add(hidden, feedForward(norm(hidden, prefix + "ffn_norm.weight"), prefix));
    }
    String output =
        model.tensors.containsKey("output.weight") ? "output.weight" : "token_embd.weight";
    return multiply(norm(hidden, "output_norm.weight"), output);
  }

  private float[] values(String name) {
    TensorData tensor = model.tensors.get(name);
    if (tensor == null) {
      throw new AssertionError(name);
    }
    return tensor.values();
  }

  private static void add(double[][] to, double[][] what) {
    for (int t = 0; t < to.length; t++) {
      for (int i = 0; i < to[t].length; i++) {
        to[t][i] += what[t][i];
      }
    }
  }

  private double[][] norm(double[][] x, String name) {
    double[][] out = new double[x.length][config.width()];
    for (int t = 0; t < x.length; t++) {
      double squares = 0;
      for (double v : x[t]) {
        squares += v * v;
      }
      double root = Math.sqrt(squares / config.width() + config.normEpsilon());
      for (int i = 0; i < config.width(); i++) {
        out[t][i] = x[t][i] / root * values(name)[i];
      }
    }
    return out;
  }

  private double[][] multiply(double[][] x, String name) {
    float[] weights = values(name);
    int columns = x[0].length;
    int rows = weights.length / columns;
    double[][] out = new double[x.length][rows];
    for (int t = 0; t < x.length; t++) {
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
          out[t][r] += (double) weights[r * columns + c] * x[t][c];
        }
      }
    }
    return out;
  }

  private double[][] attention(double[][] x, String prefix) {
    double[][] q = rotate(multiply(x, prefix + "attn_q.weight"));
    double[][] k = rotate(multiply(x, prefix + "attn_k.weight"));
    double[][] v = multiply(x, prefix + "attn_v.weight");
    int size = config.headSize();
    double[][] out = new double[x.length][config.queryWidth()];
    for (int t = 0; t < x.length; t++) {
      for (int head = 0; head < config.heads(); head++) {
        int kvHead = head * config.kvHeads() / config.heads();
        double[] weights = new double[t + 1];
        double sum = 0;
        for (int s = 0; s <= t; s++) {
          double score = 0;
          for (int d = 0; d < size; d++) {
            score += q[t][head * size + d] * k[s][kvHead * size + d];
          }
          weights[s] = Math.exp(score / Math.sqrt(size));
          sum += weights[s];
        }
        for (int s = 0; s <= t; s++) {
          for (int d = 0; d < size; d++) {
            out[t][head * size + d] += weights[s] / sum * v[s][kvHead * size + d];
          }
        }
      }
    }
    return multiply(out, prefix + "attn_output.weight");
  }

  private double[][] rotate(double[][] x) {
    for (int t = 0; t < x.length; t++) {
      for (int at = 0; at < x[t].length; at += config.headSize()) {
        for (int i = 0; i < config.ropeDimensions(); i += 2) {
          double angle = t * Math.pow(config.ropeBase(), -(double) i / config.ropeDimensions());
          double even = x[t][at + i];
          double odd = x[t][at + i + 1];
          x[t][at + i] = even * Math.cos(angle) - odd * Math.sin(angle);
          x[t][at + i + 1] = even * Math.sin(angle) + odd * Math.cos(angle);
        }
      }
    }
    return x;
  }

  private double[][] feedForward(double[][] x, String prefix) {
    double[][] gate = multiply(x, prefix + "ffn_gate.weight");
    double[][] up = multiply(x, prefix + "ffn_up.weight");
    DoubleUnaryOperator silu = a -> a / (1 + Math.exp(-a));
    for (int t = 0; t < x.length; t++) {
      for (int i = 0; i < gate[t].length; i++) {
        gate[t][i] = silu.applyAsDouble(gate[t][i]) * up[t][i];
      }
    }
    return multiply(gate, prefix + "ffn_down.weight");
  }
}
