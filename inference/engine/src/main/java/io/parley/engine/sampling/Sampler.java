package io.parley.engine.sampling;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import java.util.random.RandomGenerator;

/**
 * Draws tokens by temperature, then top-k, then top-p (nucleus sampling: Holtzman et al., "The
 * Curious Case of Neural Text Degeneration", 2019).
 *
 * <p>A draw takes exactly one number from the generator, and depends on nothing but the logits, the
 * parameters and that number: what else is in a batch makes no difference. Tokens of equal
 * probability rank by their ids, the lowest first.
 *
 * <p>Without top-k and top-p a draw is three passes over the vocabulary. With one of them the
 * tokens go into a heap, from which only those are taken that can be drawn: a sort would order the
 * long tail for nothing.
 */
public final class Sampler {
  private final double[] weights; // by token; the most probable has 1
  private final int[] heap; // tokens; the best is at 0, those already taken stand behind its end
  private int heapSize;

  public Sampler(int vocabularySize) {
    weights = new double[vocabularySize];
    heap = new int[vocabularySize];
  }

  /**
   * Draws one token.
   *
   * @param logits the row begins at {@code offset} and is as long as the vocabulary
   * @throws ParleyException API if one of the logits is not a finite number
   */
  public int sample(
      float[] logits, int offset, SamplingParameters parameters, RandomGenerator random) {
    int best = mostProbable(logits, offset);
    if (parameters.temperature() == 0) {
      return best;
    }
    double total = weigh(logits, offset, logits[offset + best], parameters.temperature());
    double uniform = random.nextDouble();
    int topK = parameters.topK() == 0 ? weights.length : parameters.topK();
    return topK >= weights.length && parameters.topP() == 1
        ? drawFromAll(uniform * total)
        : drawFromBest(uniform, Math.min(topK, weights.length), parameters.topP(), total);
  }

  private int mostProbable(float[] logits, int offset) {
    int best = 0;
    for (int token = 0; token < weights.length; token++) {
      float logit = logits[offset + token];
      if (!Float.isFinite(logit)) {
        throw new ParleyException(
            ErrorCode.API, "the model gave the logit %s for token %d".formatted(logit, token));
      }
      if (logit > logits[offset + best]) {
        best = token;
      }
    }
    return best;
  }

  /** Fills the weights: the probabilities but for a common factor. Returns their sum. */
  private double weigh(float[] logits, int offset, float max, double temperature) {
    double total = 0;
    for (int token = 0; token < weights.length; token++) {
      double weight = Math.exp(((double) logits[offset + token] - max) / temperature);
      weights[token] = weight;
      total += weight;
    }
    return total;
  }

  private int drawFromAll(double target) {
    double sum = 0;
    int last = 0;
    for (int token = 0; token < weights.length; token++) {
      sum += weights[token];
      if (sum > target) {
        return token;
      }
      last = weights[token] > 0 ? token : last;
    }
    return last; // the target was rounded up to the sum
  }

  private int drawFromBest(double uniform, int topK, double topP, double total) {
    heapify();
    double mass = topK == weights.length ? total : takeBest(topK);
    double sum = 0;
    int kept = 0;
    while (kept < topK && sum < topP * mass) {
      if (kept == taken()) {
        takeBest(1);
      }
      sum += weights[ranked(kept++)];
    }
    return drawFromRanked(uniform * sum, kept);
  }

  private int drawFromRanked(double target, int kept) {
    double sum = 0;
    for (int rank = 0; rank < kept; rank++) {
      sum += weights[ranked(rank)];
      if (sum > target) {
        return ranked(rank);
      }
    }
    return ranked(0); // the target was rounded up to the sum
  }

  private int taken() {
    return heap.length - heapSize;
  }

  /** The token of this rank, 0 the most probable, among those that were taken. */
  private int ranked(int rank) {
    return heap[heap.length - 1 - rank];
  }

  /** Moves the best tokens of the heap behind its end; returns the sum of their weights. */
  private double takeBest(int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      int best = heap[0];
      heap[0] = heap[--heapSize];
      heap[heapSize] = best;
      siftDown(0);
      sum += weights[best];
    }
    return sum;
  }

  private void heapify() {
    heapSize = heap.length;
    for (int token = 0; token < heapSize; token++) {
      heap[token] = token;
    }
    for (int at = heapSize / 2 - 1; at >= 0; at--) {
      siftDown(at);
    }
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
    return weights[a] > weights[b] || (weights[a] == weights[b] && a < b);
  }
}
