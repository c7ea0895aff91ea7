package io.parley.training.llama;

import org.bytedeco.pytorch.AbstractTensor;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Rotary position embedding (Su et al. 2021) in ggml's interleaved order: values 2i and 2i+1 of a
 * head are real and imaginary part of a number that is turned by {@code position · θ^(-2i/d)}.
 */
final class Rotations {
  private Rotations() {}

  /** Unit numbers for every position: complex {@code [contextTokens, headWidth / 2]}. */
  static Tensor table(LlamaShape shape) {
    int pairs = shape.headWidth() / 2;
    float[] values = new float[shape.contextTokens() * pairs * 2];
    for (int position = 0; position < shape.contextTokens(); position++) {
      for (int pair = 0; pair < pairs; pair++) {
        double angle = position * Math.pow(shape.ropeTheta(), -(double) pair / pairs);
        values[2 * (position * pairs + pair)] = (float) Math.cos(angle);
        values[2 * (position * pairs + pair) + 1] = (float) Math.sin(angle);
      }
    }
    return torch.view_as_complex(AbstractTensor.create(values, shape.contextTokens(), pairs, 2));
  }

  /**
   * Turns every head's vector.
   *
   * @param x f32 {@code [places, heads, headWidth]}
   * @param rotation rows of the table: complex {@code [places, 1, headWidth / 2]}
   */
  static Tensor rotate(Tensor x, Tensor rotation) {
    long pairs = x.size(2) / 2;
    Tensor numbers = torch.view_as_complex(x.reshape(x.size(0), x.size(1), pairs, 2));
    return torch.view_as_real(numbers.mul(rotation)).view(x.size(0), x.size(1), 2 * pairs);
  }
}
