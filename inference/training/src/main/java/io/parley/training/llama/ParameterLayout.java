package io.parley.training.llama;

import java.util.ArrayList;
import java.util.List;

/**
 * The table of contents of the flat weight array: which tensor of the model lies where. The order
 * is fixed by the shape alone, so that two processes with the same shape agree.
 */
public final class ParameterLayout {
  private final List<Parameter> parameters = new ArrayList<>();
  private int size;

  public ParameterLayout(LlamaShape shape) {
    matrix("token_embd.weight", shape.vocabulary(), shape.width());
    for (int layer = 0; layer < shape.layers(); layer++) {
      String block = "blk." + layer + ".";
      vector(block + "attn_norm.weight", shape.width());
      matrix(block + "attn_q.weight", shape.width(), shape.width());
      matrix(block + "attn_k.weight", shape.kvWidth(), shape.width());
      matrix(block + "attn_v.weight", shape.kvWidth(), shape.width());
      matrix(block + "attn_output.weight", shape.width(), shape.width());
      vector(block + "ffn_norm.weight", shape.width());
      matrix(block + "ffn_gate.weight", shape.feedForward(), shape.width());
      matrix(block + "ffn_up.weight", shape.feedForward(), shape.width());
      matrix(block + "ffn_down.weight", shape.width(), shape.feedForward());
    }
    vector("output_norm.weight", shape.width());
  }

  /** All tensors, by rising offset, without gaps. */
  public List<Parameter> parameters() {
    return List.copyOf(parameters);
  }

  /** Number of weights in all. */
  public int size() {
    return size;
  }

  private void matrix(String name, int rows, int columns) {
    parameters.add(new Parameter(name, size, rows, columns));
    size = Math.addExact(size, Math.multiplyExact(rows, columns));
  }

  private void vector(String name, int length) {
    matrix(name, 1, length);
  }
}
