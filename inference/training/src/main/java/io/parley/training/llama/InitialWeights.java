package io.parley.training.llama;

import java.util.random.RandomGenerator;

/**
 * Initial values: gains 1, matrices normal with deviation 0.02, the two projections that write into
 * the residual stream narrower by √(2·layers) so that its variance does not grow with depth
 * (Radford et al. 2019).
 */
public final class InitialWeights {
  private static final float DEVIATION = 0.02f;

  private InitialWeights() {}

  /** Draws all weights from {@code random}, in layout order. */
  public static float[] draw(LlamaShape shape, RandomGenerator random) {
    ParameterLayout layout = new ParameterLayout(shape);
    float[] weights = new float[layout.size()];
    for (Parameter parameter : layout.parameters()) {
      double deviation = deviation(parameter, shape.layers());
      for (int i = parameter.offset(); i < parameter.offset() + parameter.size(); i++) {
        weights[i] = parameter.isVector() ? 1 : (float) (random.nextGaussian() * deviation);
      }
    }
    return weights;
  }

  private static double deviation(Parameter parameter, int layers) {
    boolean intoResidual =
        parameter.name().endsWith("attn_output.weight")
            || parameter.name().endsWith("ffn_down.weight");
    return intoResidual ? DEVIATION / Math.sqrt(2.0 * layers) : DEVIATION;
  }
}
