package io.parley.model.kernel;

import io.parley.model.kernel.onednn.OneDnn;
import io.parley.model.kernel.onednn.PanelProduct;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Memory off the heap that native products of one caller use: the activations of a call, and for
 * each thread weights, sums and the products that it has used. Grows to what its largest user needs
 * and is freed with its owner.
 */
final class NativeScratch {
  /** Panels that are multiplied in one call: what a call costs is shared. */
  static final int PANELS = 4;

  /** Rows whose sums are kept at a time, so that they stay in the second-level cache. */
  static final int ROWS = 512;

  private static final long ALIGNMENT_BYTES = 64;

  /** What belongs to one thread. */
  static final class Part {
    final MemorySegment weights =
        allocate((long) PANELS * SumOrder.BLOCK_COLUMNS * PanelProduct.PANEL * Short.BYTES);
    final MemorySegment sums = allocate((long) ROWS * PANELS * PanelProduct.PANEL * Float.BYTES);
    private final OneDnn oneDnn;
    private final Map<PanelProduct.Shape, PanelProduct> products = new HashMap<>();

    private Part(OneDnn oneDnn) {
      this.oneDnn = oneDnn;
    }

    PanelProduct product(PanelProduct.Shape shape) {
      return products.computeIfAbsent(shape, made -> new PanelProduct(oneDnn, made, weights));
    }
  }

  private final List<Part> parts = new ArrayList<>();
  private MemorySegment activations = MemorySegment.NULL;

  NativeScratch(OneDnn oneDnn, int threads) {
    for (int i = 0; i < threads; i++) {
      parts.add(new Part(oneDnn));
    }
  }

  Part part(int worker) {
    return parts.get(worker);
  }

  /** Room for activations; what was there before is lost. */
  MemorySegment activations(long bytes) {
    if (activations.byteSize() < bytes) {
      activations = allocate(bytes);
    }
    return activations;
  }

  private static MemorySegment allocate(long bytes) {
    return Arena.ofAuto().allocate(bytes, ALIGNMENT_BYTES);
  }
}
