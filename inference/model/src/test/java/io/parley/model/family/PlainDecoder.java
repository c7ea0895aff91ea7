package io.parley.model.family;

import io.parley.model.gguf.TensorData;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The architectures straight from their papers: double precision, whole sequence at once, no cache,
 * no kernels, nothing shared with the decoder that is measured against it.
 */
public final class PlainDecoder {
  private final SampleModel model;
  private final SampleModel.Sizes sizes;
  private final String architecture;
  private final boolean gemma;

  public PlainDecoder(SampleModel model) {
    this.model = model;
    this.sizes = model.sizes;
    this.architecture = model.architecture;
    this.gemma = architecture.startsWith("gemma");
  }

  /** Logits of every position. */
  public double[][] logits(int[] tokens) {
    double[][] hidden = new double[tokens.length][sizes.width()];
    for (int t = 0; t < tokens.length; t++) {
      for (int i = 0; i < sizes.width(); i++) {
        hidden[t][i] =
            values("token_embd.weight")[tokens[t] * sizes.width() + i]
                * (gemma ? Math.sqrt(sizes.width()) : 1);
      }
    }
    for (int layer = 0; layer < sizes.layers(); layer++) {
      String prefix = "blk." + layer + ".";
      double[][] attended = attention(norm(hidden, prefix + "attn_norm.weight"), layer, prefix);
      add(hidden, postNorm(attended, prefix + "post_attention_norm.weight"));
      double[][] fed = feedForward(norm(hidden, prefix + "ffn_norm.weight"), prefix);
      add(hidden, postNorm(fed, prefix + "post_ffw_norm.weight"));
    }
    String output =
        model.tensors.containsKey("output.weight") ? "output.weight" : "token_embd.weight";
    return capped(multiply(norm(hidden, "output_norm.weight"), output));
  }

  private double[][] capped(double[][] logits) {
    double cap = number("final_logit_softcapping", 0);
    if (cap > 0) {
      for (double[] row : logits) {
        for (int i = 0; i < row.length; i++) {
          row[i] = cap * Math.tanh(row[i] / cap);
        }
      }
    }
    return logits;
  }

  private double number(String key, double absent) {
    return model.metadata.getOrDefault(architecture + "." + key, absent) instanceof Number n
        ? n.doubleValue()
        : absent;
  }

  private float[] values(String name) {
    TensorData tensor = find(name);
    if (tensor == null) {
      throw new AssertionError(name);
    }
    return tensor.values();
  }

  private @Nullable TensorData find(String name) {
    return model.tensors.get(name);
  }

  private static void add(double[][] to, double[][] what) {
    for (int t = 0; t < to.length; t++) {
      for (int i = 0; i < to[t].length; i++) {
        to[t][i] += what[t][i];
      }
    }
  }

  private double[][] postNorm(double[][] x, String name) {
    return gemma ? norm(x, name) : x;
  }

  /** Norms each stretch of a row that is as long as the weight. */
  private double[][] norm(double[][] x, String name) {
    float[] weight = values(name);
    int width = weight.length;
    double[][] out = new double[x.length][x[0].length];
    for (int t = 0; t < x.length; t++) {
      for (int at = 0; at < x[t].length; at += width) {
        double squares = 0;
        for (int i = 0; i < width; i++) {
          squares += x[t][at + i] * x[t][at + i];
        }
        double root =
            Math.sqrt(squares / width + number("attention.layer_norm_rms_epsilon", Double.NaN));
        for (int i = 0; i < width; i++) {
          out[t][at + i] = x[t][at + i] / root * weight[i];
        }
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

  private double[][] project(double[][] x, String prefix, String which) {
    double[][] out = multiply(x, prefix + "attn_" + which + ".weight");
    TensorData bias = find(prefix + "attn_" + which + ".bias");
    if (bias != null) {
      for (double[] row : out) {
        for (int i = 0; i < row.length; i++) {
          row[i] += bias.values()[i];
        }
      }
    }
    String norm = prefix + "attn_" + which + "_norm.weight";
    return model.tensors.containsKey(norm) ? norm(out, norm) : out;
  }

  private boolean local(int layer) {
    return switch (architecture) {
      case "gemma2" -> layer % 2 == 0;
      case "gemma3" -> layer % 6 != 5;
      default -> true;
    };
  }

  private double[][] attention(double[][] x, int layer, String prefix) {
    double[][] q = rotate(project(x, prefix, "q"), layer);
    double[][] k = rotate(project(x, prefix, "k"), layer);
    double[][] v = project(x, prefix, "v");
    double window = local(layer) ? number("attention.sliding_window", 1e9) : 1e9;
    double cap = number("attn_logit_softcapping", 0);
    int size = sizes.headSize();
    double[][] out = new double[x.length][sizes.heads() * size];
    for (int t = 0; t < x.length; t++) {
      for (int head = 0; head < sizes.heads(); head++) {
        int kvHead = head * sizes.kvHeads() / sizes.heads();
        double[] weights = new double[t + 1];
        double sum = 0;
        for (int s = 0; s <= t; s++) {
          double score = 0;
          for (int d = 0; d < size; d++) {
            score += q[t][head * size + d] * k[s][kvHead * size + d];
          }
          score /= Math.sqrt(size);
          score = cap > 0 ? cap * Math.tanh(score / cap) : score;
          weights[s] = t - s < window ? Math.exp(score) : 0;
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

  private double[][] rotate(double[][] x, int layer) {
    if (architecture.equals("smollm3") && layer % 4 == 3) {
      return x;
    }
    boolean near = architecture.equals("gemma3") && local(layer);
    double base = near ? 10_000 : number("rope.freq_base", 10_000);
    int dimensions = (int) number("rope.dimension_count", sizes.headSize());
    boolean interleaved = architecture.equals("llama") || architecture.equals("smollm3");
    for (int t = 0; t < x.length; t++) {
      for (int at = 0; at < x[t].length; at += sizes.headSize()) {
        for (int i = 0; i < dimensions / 2; i++) {
          double trained = Math.pow(base, -2.0 * i / dimensions);
          double angle = t * (near ? trained : scaled(trained, i, dimensions, base));
          int first = interleaved ? at + 2 * i : at + i;
          int second = interleaved ? first + 1 : first + dimensions / 2;
          double a = x[t][first];
          double b = x[t][second];
          double m = near ? 1 : magnitude();
          x[t][first] = m * (a * Math.cos(angle) - b * Math.sin(angle));
          x[t][second] = m * (a * Math.sin(angle) + b * Math.cos(angle));
        }
      }
    }
    return x;
  }

  private String scaling() {
    return String.valueOf(model.metadata.getOrDefault(architecture + ".rope.scaling.type", "none"));
  }

  private double magnitude() {
    return scaling().equals("yarn") ? 1 + 0.1 * Math.log(number("rope.scaling.factor", 1)) : 1;
  }

  /** Section 3.2 of the YaRN paper in terms of wavelengths; its ends are whole pairs. */
  private double scaled(double frequency, int pair, int dimensions, double base) {
    TensorData divisors = find("rope_freqs.weight");
    double trained = divisors == null ? frequency : frequency / divisors.values()[pair];
    double factor = number("rope.scaling.factor", 1);
    return switch (scaling()) {
      case "none" -> trained;
      case "linear" -> trained / factor;
      case "yarn" -> {
        double context = number("rope.scaling.original_context_length", sizes.context());
        DoubleUnaryOperator pairOf =
            turns -> dimensions * Math.log(context / (2 * Math.PI * turns)) / (2 * Math.log(base));
        double low = Math.max(0, Math.floor(pairOf.applyAsDouble(32)));
        double high = Math.min(dimensions - 1, Math.ceil(pairOf.applyAsDouble(1)));
        double interpolated = Math.max(0, Math.min(1, (pair - low) / Math.max(high - low, 0.001)));
        yield trained * (1 - interpolated) + trained / factor * interpolated;
      }
      default -> throw new AssertionError(scaling());
    };
  }

  private double[][] feedForward(double[][] x, String prefix) {
    double[][] gate = multiply(x, prefix + "ffn_gate.weight");
    double[][] up = multiply(x, prefix + "ffn_up.weight");
    DoubleUnaryOperator silu = a -> a / (1 + Math.exp(-a));
    DoubleUnaryOperator gelu =
        a -> a / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (a + 0.044715 * a * a * a)));
    DoubleUnaryOperator activation = gemma ? gelu : silu;
    for (int t = 0; t < x.length; t++) {
      for (int i = 0; i < gate[t].length; i++) {
        gate[t][i] = activation.applyAsDouble(gate[t][i]) * up[t][i];
      }
    }
    return multiply(gate, prefix + "ffn_down.weight");
  }
}
