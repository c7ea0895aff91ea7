package io.parley.engine;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Decides which tokens of which sequences are computed next, and turns the logits that come back
 * into tokens, text and ends.
 *
 * <p><b>Admission.</b> Sequences wait in the order of their arrival until one of {@code
 * maxSequences} places is free, and as many blocks as the sequence can ever need: its prompt and
 * all that it may generate. It gets them at once. Memory therefore cannot run out under a sequence
 * that runs, and nothing that runs waits for anything. Blocks in which the beginning of its tokens
 * is computed already count as given (see {@link PrefixCacheSettings}), and it goes on from there.
 * The first in the queue is never overtaken, so that a large request is not starved by small ones.
 *
 * <p><b>A step.</b> One budget of {@code maxBatchTokens} for all: first one token for each sequence
 * that streams, then prompts in the order of arrival, the last of them cut to what is left of the
 * budget (chunked prefill: Agrawal et al., "SARATHI", 2023). A long prompt takes several steps and
 * never keeps a stream waiting longer than one step.
 *
 * <p>Calls come in the order schedule, update (or {@link #runnerFailed}), schedule …; {@link
 * #submit} and {@link #cancel} may come at any point between. Times are nanoseconds on any one
 * clock. Not thread-safe.
 */
public final class Scheduler {
  private static final String STEP_FAILED = "the model failed in a step";
  private static final String BAD_LOGITS = "the model gave logits that are not numbers";

  private final EngineLimits limits;
  private final Vocabulary vocabulary;
  private final Roster roster;
  private final TokenWriter writer;
  private final List<EngineEvent> events = new ArrayList<>(); // not yet given out
  private boolean anyCancelled;
  private long steps;
  private long tokensComputed;
  private long tokensGenerated;

  /** A scheduler without a prefix cache. */
  public Scheduler(EngineLimits limits, Vocabulary vocabulary) {
    this(limits, vocabulary, PrefixCacheSettings.OFF);
  }

  public Scheduler(EngineLimits limits, Vocabulary vocabulary, PrefixCacheSettings prefixCache) {
    this.limits = limits;
    this.vocabulary = vocabulary;
    this.roster = new Roster(limits, prefixCache);
    this.writer = new TokenWriter(vocabulary, limits.contextTokens(), events::add);
  }

  /**
   * Puts a sequence into the queue.
   *
   * @param id a number that no other sequence of this scheduler has now
   * @throws ParleyException INVALID_REQUEST if it can never run, OVERLOADED if the queue is full;
   *     there are no events then
   */
  public void submit(long id, SequenceRequest request, long nowNanos) {
    requireTokens(request);
    limits.requireRoomFor(request);
    if (roster.queueIsFull()) {
      throw new ParleyException(
          ErrorCode.OVERLOADED,
          "%d requests are waiting for this model already".formatted(limits.maxWaiting()));
    }
    roster.enqueue(new Sequence(id, request, nowNanos));
  }

  private void requireTokens(SequenceRequest request) {
    for (int token : request.promptTokens()) {
      if (token < 0 || token >= vocabulary.size()) {
        throw ParleyException.invalid(
            "prompt: token %d is not in 0 … %d".formatted(token, vocabulary.size() - 1));
      }
    }
  }

  /**
   * Ends a sequence at the next {@link #schedule} or {@link #update}, whichever comes first. Does
   * nothing if there is no such sequence.
   */
  public void cancel(long id) {
    Sequence sequence = roster.find(id);
    if (sequence != null) {
      sequence.cancel();
      anyCancelled = true;
    }
  }

  /** Whether there is nothing to schedule and no event to give out. */
  public boolean isIdle() {
    return roster.isEmpty() && events.isEmpty();
  }

  /** Admits who fits and plans the next step; the plan is empty if there is nothing to compute. */
  public StepPlan schedule(long nowNanos) {
    endCancelled(nowNanos);
    roster.admit(nowNanos);
    roster.running().forEach(this::start);
    List<ScheduledSequence> plan = new ArrayList<>();
    int budget = plan(plan, limits.maxBatchTokens(), true);
    plan(plan, budget, false);
    return new StepPlan(plan);
  }

  /** Tells, once, what was found of a sequence in the prefix cache. */
  private void start(Sequence sequence) {
    if (!sequence.isStarted()) {
      events.add(sequence.start());
    }
  }

  /** Plans the sequences that stream, or those that do not; returns what is left of the budget. */
  private int plan(List<ScheduledSequence> plan, int budget, boolean streaming) {
    int left = budget;
    for (Sequence sequence : roster.running()) {
      int count = Math.min(left, sequence.remainingTokens());
      if (sequence.isStreaming() == streaming && count > 0) {
        plan.add(sequence.next(count));
        left -= count;
      }
    }
    return left;
  }

  /**
   * Takes in what a step gave.
   *
   * @param plan the last plan of {@link #schedule}
   * @return everything that happened since the last events were given out, in order
   */
  public List<EngineEvent> update(StepPlan plan, StepResult result, long nowNanos) {
    if (!answers(result, plan)) {
      return runnerFailed(plan, wrongShape(plan, result), nowNanos);
    }
    int row = 0;
    for (ScheduledSequence part : plan.sequences()) {
      Sequence sequence = sequenceOf(part);
      sequence.computed(part.tokens().length);
      if (part.logitsRows() > 0) {
        write(sequence, result.logits(), row * vocabulary.size(), nowNanos);
      }
      roster.register(sequence);
      row += part.logitsRows();
    }
    return endStep(plan, nowNanos);
  }

  private boolean answers(StepResult result, StepPlan plan) {
    return result.rows() == plan.rows()
        && (result.rows() == 0 || result.vocabularySize() == vocabulary.size());
  }

  private IllegalStateException wrongShape(StepPlan plan, StepResult result) {
    return new IllegalStateException(
        "the runner gave %d × %d logits, not %d × %d"
            .formatted(result.rows(), result.vocabularySize(), plan.rows(), vocabulary.size()));
  }

  private Sequence sequenceOf(ScheduledSequence part) {
    Sequence sequence = roster.find(part.sequenceId());
    if (sequence == null) {
      throw new InvariantBreach("sequence %d ended in its step".formatted(part.sequenceId()));
    }
    return sequence;
  }

  private void write(Sequence sequence, float[] logits, int offset, long nowNanos) {
    if (sequence.isCancelled()) {
      return;
    }
    try {
      FinishReason reason = writer.write(sequence, logits, offset, nowNanos);
      tokensGenerated++;
      if (reason != null) {
        end(sequence, sequence.completed(reason, nowNanos));
      }
    } catch (ParleyException e) {
      sequence.distrust();
      end(sequence, sequence.failed(e.code(), BAD_LOGITS, e, nowNanos));
    }
  }

  /**
   * Takes in that a step gave nothing: the sequences of the plan fail with the error API.
   *
   * @return everything that happened since the last events were given out, in order
   */
  public List<EngineEvent> runnerFailed(StepPlan plan, Throwable cause, long nowNanos) {
    for (ScheduledSequence part : plan.sequences()) {
      Sequence sequence = sequenceOf(part);
      if (!sequence.isCancelled()) {
        end(sequence, sequence.failed(ErrorCode.API, STEP_FAILED, cause, nowNanos));
      }
    }
    return endStep(plan, nowNanos);
  }

  private List<EngineEvent> endStep(StepPlan plan, long nowNanos) {
    if (!plan.isEmpty()) {
      steps++;
      tokensComputed += plan.tokens();
    }
    endCancelled(nowNanos);
    return takeEvents();
  }

  /**
   * Ends every sequence, waiting or running.
   *
   * @return everything that happened since the last events were given out, in order
   */
  public List<EngineEvent> failAll(ErrorCode code, String message, long nowNanos) {
    endCancelled(nowNanos);
    for (Sequence sequence : inOrder(roster.all())) {
      end(sequence, sequence.failed(code, message, null, nowNanos));
    }
    return takeEvents();
  }

  private void endCancelled(long nowNanos) {
    if (anyCancelled) {
      anyCancelled = false;
      inOrder(roster.all()).stream()
          .filter(Sequence::isCancelled)
          .forEach(sequence -> end(sequence, sequence.cancelled(nowNanos)));
    }
  }

  /** The order of a hash map must not decide the order of events. */
  private static List<Sequence> inOrder(List<Sequence> sequences) {
    return sequences.stream().sorted(Comparator.comparingLong(Sequence::id)).toList();
  }

  private void end(Sequence sequence, EngineEvent.Ended event) {
    roster.remove(sequence);
    start(sequence);
    events.add(event);
  }

  private List<EngineEvent> takeEvents() {
    List<EngineEvent> taken = List.copyOf(events);
    events.clear();
    return taken;
  }

  public EngineGauges gauges() {
    return roster.gauges(steps, tokensComputed, tokensGenerated);
  }

  /**
   * Checks that the sums of the books agree, in time proportional to the running sequences: for
   * every step of production.
   *
   * @throws InvariantBreach if they do not
   */
  public void checkSums() {
    roster.checkSums();
  }

  /**
   * Checks everything, each block and each sequence: for tests.
   *
   * @throws InvariantBreach if something is wrong
   */
  public void checkInvariants() {
    roster.checkAll();
  }
}
