package io.parley.embedded.search;

import org.apache.lucene.search.CollectionStatistics;
import org.apache.lucene.search.similarities.BM25Similarity;

/**
 * BM25 whose scores do not move when somebody else writes: they depend on the entry, and on how
 * common its words are only in steps of four. So a page continues where the one before it ended,
 * and nobody can tell from scores how much others have in the index.
 *
 * <p>Source: S. Robertson and H. Zaragoza, "The probabilistic relevance framework: BM25 and beyond"
 * (2009); the inverse document frequency in steps and the fixed mean length are ours.
 */
final class SteadySimilarity extends BM25Similarity {
  /** Words of a usual message. */
  private static final float MEAN_LENGTH = 100;

  /** A word of so many steps is common, and no more common one counts less. */
  private static final int STEPS = 8;

  @Override
  protected float idf(long documentFrequency, long documentCount) {
    int log4 = (63 - Long.numberOfLeadingZeros(Math.max(1, documentFrequency))) / 2;
    return 1 + Math.max(0, STEPS - log4);
  }

  @Override
  protected float avgFieldLength(CollectionStatistics statistics) {
    return MEAN_LENGTH;
  }
}
