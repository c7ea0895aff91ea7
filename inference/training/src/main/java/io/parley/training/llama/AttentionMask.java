package io.parley.training.llama;

import org.bytedeco.pytorch.AbstractTensor;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** Who may look at whom: earlier places of the same conversation. */
final class AttentionMask {
  private final @Nullable Tensor allowed;

  private AttentionMask(@Nullable Tensor allowed) {
    this.allowed = allowed;
  }

  static AttentionMask of(MicroBatch batch) {
    return new AttentionMask(batch.crossesSegments() ? blocks(batch) : null);
  }

  /** Causal softmax attention in f32 over {@code [windows, heads, tokens, headWidth]}. */
  Tensor attend(Tensor queries, Tensor keys, Tensor values) {
    TensorOptional mask = allowed == null ? new TensorOptional() : new TensorOptional(allowed);
    return torch.scaled_dot_product_attention(
        queries, keys, values, mask, 0.0, allowed == null, new DoubleOptional(), false);
  }

  /** 0 where attention is allowed, −∞ elsewhere: {@code [windows, 1, tokens, tokens]}. */
  private static Tensor blocks(MicroBatch batch) {
    int tokens = batch.windowTokens();
    float[] mask = new float[batch.windows() * tokens * tokens];
    for (int place = 0; place < batch.size(); place++) {
      int window = place / tokens * tokens;
      for (int other = 0; other < tokens; other++) {
        boolean open =
            window + other <= place && batch.segments()[window + other] == batch.segments()[place];
        mask[place * tokens + other] = open ? 0 : Float.NEGATIVE_INFINITY;
      }
    }
    return AbstractTensor.create(mask, batch.windows(), 1, tokens, tokens);
  }
}
