package io.parley.bench;

import io.parley.engine.PrefixCacheSettings;
import io.parley.engine.SchedulerOptions;
import io.parley.engine.SchedulingTerms;
import io.parley.engine.SequenceRequest;
import io.parley.engine.StepPlan;
import io.parley.engine.sampling.SamplingParameters;
import io.parley.engine.speculation.Speculation;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Requests that keep a scheduler busy, as many as it has places and as many again that wait; of
 * {@value #ORGANISATIONS} organisations by turns.
 *
 * @param promptTokens length of every prompt
 * @param sharedTokens how many of them each organisation's prompts have in common
 * @param answerTokens length of every answer
 * @param repeating one answer in so many repeats itself; 0 for none
 * @param prompts whether the steps of interest compute prompts beside the streams; otherwise they
 *     only decode
 */
record Workload(
    String name,
    int promptTokens,
    int sharedTokens,
    int answerTokens,
    int repeating,
    boolean prompts,
    SchedulerOptions options) {
  private static final int ORGANISATIONS = 8;

  /** As the server guesses by default. */
  private static final Speculation GUESSES = new Speculation(4, 0.5);

  private static final PrefixCacheSettings SHARING = new PrefixCacheSettings(true, 1, 2);

  /**
   * From plain to all at once: streams alone; with prompts in chunks between them; with prefix
   * cache and guesses as well; and guesses in vain over long contexts, which is the most that
   * looking for guesses can cost.
   */
  static List<Workload> all(int contextTokens) {
    SchedulerOptions plain = SchedulerOptions.PLAIN;
    SchedulerOptions full = plain.with(SHARING).with(GUESSES);
    int longPrompt = Math.min(1024, contextTokens - 400);
    return List.of(
        new Workload("decode", 128, 0, 300, 0, false, plain),
        new Workload("with prompts", 300, 0, 60, 0, true, plain),
        new Workload("with cache and guesses", 300, 150, 60, 4, true, full),
        new Workload("guesses in vain", longPrompt, 0, 300, 0, false, full));
  }

  int longestTokens() {
    return promptTokens + answerTokens;
  }

  /** Whether this step is of the kind that is measured. */
  boolean isAbout(StepPlan plan, int sequences) {
    boolean full = plan.sequences().size() >= sequences / 2 && plan.rows() > 0;
    boolean decodesOnly = plan.tokens() == plan.rows();
    return prompts ? full && !decodesOnly : plan.sequences().size() == sequences && decodesOnly;
  }

  /** The request of this number. */
  SequenceRequest request(long number) {
    int organisation = (int) (number % ORGANISATIONS);
    int[] prompt = new int[promptTokens];
    fill(prompt, 0, sharedTokens, ~organisation);
    fill(prompt, sharedTokens, promptTokens, number);
    return new SequenceRequest(
        prompt,
        answerTokens,
        SamplingParameters.GREEDY,
        List.of(),
        SchedulingTerms.of("organisation-" + organisation));
  }

  private static void fill(int[] tokens, int from, int to, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = from; i < to; i++) {
      tokens[i] = random.nextInt(Words.INSTANCE.size());
    }
  }
}
