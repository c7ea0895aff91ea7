package io.parley.simulation.device;

/**
 * What the arithmetic of a step needs to know of a model.
 *
 * @param name what people call it
 * @param layerParameters weights of all layers: each is multiplied once for each token of a step
 * @param outputParameters weights of the output matrix: each is multiplied once for each row of
 *     logits
 * @param embeddingParameters weights that are looked up, not multiplied, and take memory; 0 if the
 *     output matrix serves as embedding
 * @param bytesPerWeight bytes of memory that a weight takes; 2 for BF16, 1.0625 for Q8_0
 * @param layers transformer blocks
 * @param heads query heads
 * @param kvHeads key and value heads
 * @param headSize dimensions of a head
 * @param bytesPerKvElement bytes of one number in the key-value cache
 */
public record ModelShape(
    String name,
    long layerParameters,
    long outputParameters,
    long embeddingParameters,
    double bytesPerWeight,
    int layers,
    int heads,
    int kvHeads,
    int headSize,
    int bytesPerKvElement) {
  /**
   * A model of the Llama architecture with separate embedding and output matrices, BF16 weights and
   * a BF16 key-value cache.
   */
  public static ModelShape llama(
      String name,
      int width,
      int feedForwardWidth,
      int layers,
      int heads,
      int kvHeads,
      int headSize,
      int vocabularySize) {
    return new ModelShape(
        name,
        llamaLayerParameters(width, feedForwardWidth, layers, heads, kvHeads, headSize),
        (long) width * vocabularySize,
        (long) width * vocabularySize,
        2,
        layers,
        heads,
        kvHeads,
        headSize,
        2);
  }

  /** Query and output, key and value, and the three matrices of SwiGLU, in each layer. */
  public static long llamaLayerParameters(
      int width, int feedForwardWidth, int layers, int heads, int kvHeads, int headSize) {
    long attention = 2L * width * (heads + kvHeads) * headSize;
    return layers * (attention + 3L * width * feedForwardWidth);
  }

  /** All weights. */
  public long parameters() {
    return layerParameters + outputParameters + embeddingParameters;
  }

  /** Memory that the weights take. */
  public long weightBytes() {
    return Math.round(parameters() * bytesPerWeight);
  }

  /** Weights that a step reads, in bytes: all but the embedding, of which it reads a few rows. */
  public double weightBytesRead() {
    return (layerParameters + outputParameters) * bytesPerWeight;
  }

  /** Keys and values of one token in all layers, in bytes. */
  public long kvBytesPerToken() {
    return 2L * layers * kvHeads * headSize * bytesPerKvElement;
  }

  /**
   * Operations by which one token attends to one position: a multiplication and an addition in each
   * dimension of each head, once with the key and once with the value.
   */
  public long attentionFlopsPerPosition() {
    return 4L * layers * heads * headSize;
  }
}
