package io.parley.bench.jlama;

/** The sizes of a model of the Llama architecture. */
record LlamaShape(
    int layers, int width, int inner, int heads, int kvHeads, int vocabulary, int context) {
  /** Reads seven numbers, in the order of the components. */
  static LlamaShape parse(String[] arguments) {
    int[] n = new int[7];
    for (int i = 0; i < n.length; i++) {
      n[i] = Integer.parseInt(arguments[i]);
    }
    return new LlamaShape(n[0], n[1], n[2], n[3], n[4], n[5], n[6]);
  }
}
