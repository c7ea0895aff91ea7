package io.parley.engine.sampling;

/**
 * Tokens by falling weight, those of equal weight by rising id, as far as somebody asks: a heap
 * from which the best are taken. A sort would order the long tail for nothing.
 */
final class Ranking {
  private final Weights weights;
  private final int[] heap; // the best is at 0; those already taken stand behind its end
  private int heapSize;

  Ranking(Weights weights) {
    this.weights = weights;
    this.heap = new int[weights.size()];
  }

  /** Begins anew, after the weights have changed. */
  void reset() {
    heapSize = heap.length;
    for (int token = 0; token < heapSize; token++) {
      heap[token] = token;
    }
    for (int at = heapSize / 2 - 1; at >= 0; at--) {
      siftDown(at);
    }
  }

  /** The token of this rank; 0 is the best. */
  int token(int rank) {
    while (rank >= heap.length - heapSize) {
      takeBest();
    }
    return heap[heap.length - 1 - rank];
  }

  double weight(int rank) {
    return weights.of(token(rank));
  }

  private void takeBest() {
    int best = heap[0];
    heap[0] = heap[--heapSize];
    heap[heapSize] = best;
    siftDown(0);
  }

  private void siftDown(int from) {
    int at = from;
    for (int child = 2 * at + 1; child < heapSize; child = 2 * at + 1) {
      if (child + 1 < heapSize && ranksBefore(heap[child + 1], heap[child])) {
        child++;
      }
      if (!ranksBefore(heap[child], heap[at])) {
        return;
      }
      int token = heap[at];
      heap[at] = heap[child];
      heap[child] = token;
      at = child;
    }
  }

  private boolean ranksBefore(int a, int b) {
    double weightOfA = weights.of(a);
    double weightOfB = weights.of(b);
    return weightOfA > weightOfB || (weightOfA == weightOfB && a < b);
  }
}
