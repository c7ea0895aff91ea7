package io.parley.training.llama;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A weight as autograd's leaf: a window on the flat f32 weights, or a bf16 copy of one, and the
 * window on the flat f32 gradient that its derivative is added to.
 */
final class Leaf {
  private final Tensor master;
  private final Tensor sum;
  private final boolean reduced;
  private final Tensor tensor;

  Leaf(FloatPointer weights, FloatPointer gradients, int offset, boolean reduced, long... extents) {
    // Not by position(), which a parameter of the type void* counts in bytes.
    this.master = torch.from_blob(weights.getPointer(offset), extents);
    this.sum = torch.from_blob(gradients.getPointer(offset), extents);
    this.reduced = reduced;
    this.tensor = reduced ? master.to(ScalarType.BFloat16) : master.detach();
    tensor.set_requires_grad(true);
    if (!reduced) {
      // Autograd adds in place to a gradient that is there already.
      tensor.mutable_grad().put(sum);
    }
  }

  Tensor tensor() {
    return tensor;
  }

  /** Takes over new values of the weights. */
  @SuppressWarnings("try") // The scope frees what is made inside it.
  void refresh() {
    if (reduced) {
      try (PointerScope scope = new PointerScope()) {
        tensor.data().copy_(master);
      }
    }
  }

  /** Adds a reduced gradient to the f32 sum; an f32 one is there already. */
  @SuppressWarnings("try") // The scope frees what is made inside it.
  void collect() {
    if (reduced) {
      try (PointerScope scope = new PointerScope()) {
        Tensor gradient = tensor.mutable_grad();
        sum.add_(gradient);
        gradient.reset();
      }
    }
  }
}
