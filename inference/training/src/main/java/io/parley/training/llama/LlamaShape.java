package io.parley.training.llama;

import io.parley.common.ParleyException;

/**
 * The sizes of a Llama model (Touvron et al. 2023) with grouped-query attention and an output
 * projection that shares the embedding's weights.
 *
 * @param vocabulary number of tokens
 * @param width length of a token's hidden vector
 * @param layers number of transformer blocks
 * @param heads number of query heads; divides {@code width} into heads of an even length
 * @param kvHeads number of key and value heads; divides {@code heads}
 * @param feedForward inner width of the SwiGLU block
 * @param contextTokens longest sequence the model is declared for
 * @param ropeTheta base of the rotary position frequencies
 */
public record LlamaShape(
    int vocabulary,
    int width,
    int layers,
    int heads,
    int kvHeads,
    int feedForward,
    int contextTokens,
    float ropeTheta) {
  /** Added to the mean square inside every RMSNorm. */
  public static final float NORM_EPSILON = 1e-5f;

  public LlamaShape {
    require(vocabulary > 0, "vocabulary", "at least 1");
    require(layers > 0, "layers", "at least 1");
    require(heads > 0 && width % heads == 0, "heads", "a divisor of width");
    require(width / heads % 2 == 0, "width / heads", "even, since RoPE rotates pairs");
    require(kvHeads > 0 && heads % kvHeads == 0, "kvHeads", "a divisor of heads");
    require(feedForward > 0, "feedForward", "at least 1");
    require(contextTokens > 0, "contextTokens", "at least 1");
    require(ropeTheta > 0, "ropeTheta", "positive");
  }

  /** For tests: learns a few sentences in seconds. */
  public static LlamaShape toy(int vocabulary) {
    return new LlamaShape(vocabulary, 32, 2, 4, 2, 64, 2048, 10_000);
  }

  /** The smaller model that ships, about 1.4 million parameters. */
  public static LlamaShape mini(int vocabulary) {
    return new LlamaShape(vocabulary, 128, 6, 4, 2, 384, 2048, 10_000);
  }

  /** The larger model that ships, about 5.2 million parameters. */
  public static LlamaShape base(int vocabulary) {
    return new LlamaShape(vocabulary, 256, 6, 8, 4, 768, 2048, 10_000);
  }

  /** The preset of that name: {@code toy}, {@code mini} or {@code base}. */
  public static LlamaShape preset(String name, int vocabulary) {
    return switch (name) {
      case "toy" -> toy(vocabulary);
      case "mini" -> mini(vocabulary);
      case "base" -> base(vocabulary);
      default ->
          throw ParleyException.invalid("preset: '" + name + "' is none of toy, mini and base");
    };
  }

  /** Length of one head's query, key or value vector. */
  public int headWidth() {
    return width / heads;
  }

  /** Length of a token's key (or value) vector over all heads. */
  public int kvWidth() {
    return headWidth() * kvHeads;
  }

  private static void require(boolean holds, String field, String rule) {
    if (!holds) {
      throw ParleyException.invalid("shape." + field + " must be " + rule);
    }
  }
}
