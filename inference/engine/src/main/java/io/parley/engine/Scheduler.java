package io.parley.engine;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.engine.speculation.GuessSources;
import io.parley.engine.speculation.PromptLookup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Decides which tokens of which sequences are computed next, and turns the logits that come back
 * into tokens, text and ends.
 *
 * <p><b>Admission.</b> A sequence waits until one of {@code maxSequences} places is free, and as
 * many blocks as it can ever need: its prompt and all that it may generate. It gets them at once.
 * Memory therefore cannot run out under a sequence that runs, and nothing that runs waits for
 * anything. Blocks in which the beginning of its tokens is computed already count as given (see
 * {@link PrefixCacheSettings}), and it goes on from there.
 *
 * <p><b>Who is next.</b> The most urgent {@link PriorityClass} first, strictly: a class waits as
 * long as a higher one has work. Inside a class the organisation that took the least for its weight
 * ({@link VirtualTokenCounters}, with the bound); inside an organisation the first that came. An
 * organisation at its cap is passed over. Whoever is next and does not fit in memory is not
 * overtaken by its own class or a lower one: what runs ends, so its turn comes, and a large request
 * is not starved by small ones. Memory may lie idle until then; that is the price.
 *
 * <p><b>Preemption.</b> Whoever is next and finds no room gets that of lower classes, if that is
 * enough ({@link Preemption}). The victim goes back to the front of its queue with its tokens, its
 * random state and its text; when its turn comes it computes them again, or gets what {@link
 * SwapSpace} has kept of them, without a second {@code Started}, and goes on with the token that it
 * would have drawn.
 *
 * <p><b>A step.</b> One budget of {@code maxBatchTokens} for all: first one token for each sequence
 * that streams, then prompts by class and fair order, the last of them cut to what is left of the
 * budget (chunked prefill: Agrawal et al., "SARATHI", 2023). A long prompt takes several steps and
 * never keeps a stream waiting longer than one step. The fair order is that of weighted fair
 * queueing: by the counter that the organisation has with this prompt on it, so a short prompt goes
 * before the rest of a long one that another organisation began.
 *
 * <p><b>Guesses.</b> What is then left of the budget checks guesses at the tokens that streams
 * write next ({@link PromptLookup}, and where that has none a {@link Drafter}): a sequence whose
 * guesses are right moves several tokens in a step.
 *
 * <p><b>Time limits.</b> A sequence whose time is up fails with TIMEOUT at the next {@link
 * #schedule} or {@link #update}, whether it waits or runs. The text that was given out stands; text
 * that was held back as the possible beginning of a stop sequence is lost.
 *
 * <p><b>Overload.</b> Who would wait too long is refused when it comes ({@link Admission}).
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
  private final boolean guessing;
  private final GuessSources guessSources;
  private final Roster roster;
  private final TokenWriter writer;
  private final List<EngineEvent> events = new ArrayList<>(); // not yet given out
  private boolean anyCancelled;
  private long plannedNanos;
  private long steps;
  private long tokensComputed;
  private long tokensGenerated;
  private long guessesChecked;
  private long guessesRight;

  /** A scheduler without sequences and without options. */
  public Scheduler(EngineLimits limits, Vocabulary vocabulary) {
    this(limits, vocabulary, SchedulerOptions.PLAIN);
  }

  /** A scheduler without sequences. */
  public Scheduler(EngineLimits limits, Vocabulary vocabulary, SchedulerOptions options) {
    this.limits = limits;
    this.vocabulary = vocabulary;
    this.guessing = !options.speculation().isOff();
    this.guessSources = GuessSources.of(options.speculation());
    this.roster = new Roster(limits, options);
    this.writer = new TokenWriter(vocabulary, limits.contextTokens(), events::add);
  }

  /**
   * Puts a sequence into the queue.
   *
   * @param id a number that no other sequence of this scheduler has now
   * @throws ParleyException INVALID_REQUEST if it can never run, OVERLOADED if it would wait too
   *     long or the queue is full; there are no events then
   */
  public void submit(long id, SequenceRequest request, long nowNanos) {
    requireTokens(request);
    limits.requireRoomFor(request);
    Sequence loser = roster.enqueue(new Sequence(id, request, guessSources, nowNanos));
    if (loser != null) {
      end(loser, loser.shed(roster.retryMs(loser), nowNanos));
    }
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
    endCancelledAndOverdue(nowNanos);
    roster.admit(nowNanos);
    List<Sequence> prompts = roster.prefilling();
    prompts.forEach(this::start);
    List<ScheduledSequence> plan = new ArrayList<>();
    int left = plan(roster.streaming(), limits.maxBatchTokens(), plan);
    left = plan(prompts, left, plan);
    if (guessing) {
      guess(left, plan);
    }
    plannedNanos = nowNanos;
    return new StepPlan(plan, roster.copies());
  }

  /** Fills what is left of the budget with guesses, within the memory that each sequence has. */
  private void guess(int budget, List<ScheduledSequence> plan) {
    int left = budget;
    for (int i = 0; i < plan.size() && left > 0; i++) {
      Sequence sequence = sequenceOf(plan.get(i));
      if (sequence.isStreaming()) {
        int room = limits.worstCaseTokens(sequence.request()) - sequence.totalTokens() - 1;
        ScheduledSequence part = sequence.nextWithGuesses(Math.min(left, room));
        plan.set(i, part);
        left -= part.guesses() + Math.max(0, part.draftRoom());
      }
    }
  }

  /** Tells, once, what was found of a sequence in the prefix cache. */
  private void start(Sequence sequence) {
    if (!sequence.isStarted()) {
      events.add(sequence.start());
    }
  }

  /** Plans as much of the sequences as the budget allows; returns what is left of it. */
  private static int plan(List<Sequence> sequences, int budget, List<ScheduledSequence> plan) {
    int left = budget;
    for (Sequence sequence : sequences) {
      int count = Math.min(left, sequence.remainingTokens());
      if (count > 0) {
        plan.add(sequence.next(count));
        left -= count;
      }
    }
    return left;
  }

  /**
   * Takes in what a step gave.
   *
   * @param plan the last plan of {@link #schedule}, maybe with a drafter's guesses
   * @return everything that happened since the last events were given out, in order
   */
  public List<EngineEvent> update(StepPlan plan, StepResult result, long nowNanos) {
    if (!answers(result, plan)) {
      return runnerFailed(plan, wrongShape(plan, result), nowNanos);
    }
    roster.stepDone(plan, nowNanos - plannedNanos, result.copyNanos());
    int row = 0;
    for (ScheduledSequence part : plan.sequences()) {
      Sequence sequence = sequenceOf(part);
      roster.computed(sequence, part.tokens().length - part.guesses());
      int right = write(sequence, part, result.logits(), row, nowNanos);
      guessesChecked += part.guesses();
      guessesRight += right;
      sequence.guessed(part.guesses(), right);
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

  /**
   * Draws a token from the first row of a part, and one from each further row as long as what was
   * drawn is what the part had guessed. Every token is drawn as it would have been without guesses,
   * from the same logits by the same random numbers, so guesses change the speed and nothing else.
   *
   * @param row the first of the part
   * @return how many guesses were right
   */
  private int write(
      Sequence sequence, ScheduledSequence part, float[] logits, int row, long nowNanos) {
    for (int i = 0; i < part.logitsRows(); i++) {
      boolean goesOn = write(sequence, logits, (row + i) * vocabulary.size(), nowNanos);
      if (!goesOn || i == part.guesses() || sequence.lastToken() != part.guess(i)) {
        return i;
      }
      roster.computed(sequence, 1);
    }
    return 0;
  }

  /** Draws one token; whether the sequence goes on. */
  private boolean write(Sequence sequence, float[] logits, int offset, long nowNanos) {
    if (sequence.isCancelled()) {
      return false;
    }
    try {
      FinishReason reason = writer.write(sequence, logits, offset, nowNanos);
      tokensGenerated++;
      if (reason != null) {
        roster.completed(sequence);
        events.add(sequence.completed(reason, nowNanos));
      }
      return reason == null;
    } catch (ParleyException e) {
      sequence.distrust();
      end(sequence, sequence.failed(e.code(), BAD_LOGITS, e, nowNanos));
      return false;
    }
  }

  /**
   * Takes in that a step gave nothing: the sequences of the plan fail with the error API.
   *
   * @return everything that happened since the last events were given out, in order
   */
  public List<EngineEvent> runnerFailed(StepPlan plan, Throwable cause, long nowNanos) {
    roster.stepFailed();
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
    endCancelledAndOverdue(nowNanos);
    return takeEvents();
  }

  /**
   * Ends every sequence, waiting or running.
   *
   * @return everything that happened since the last events were given out, in order
   */
  public List<EngineEvent> failAll(ErrorCode code, String message, long nowNanos) {
    roster.stepFailed(); // there may be one under way
    endCancelledAndOverdue(nowNanos);
    for (Sequence sequence : inOrder(roster.all())) {
      end(sequence, sequence.failed(code, message, null, nowNanos));
    }
    return takeEvents();
  }

  private void endCancelledAndOverdue(long nowNanos) {
    if (anyCancelled || roster.anyOverdue(nowNanos)) {
      anyCancelled = false;
      for (Sequence sequence : inOrder(roster.all())) {
        if (sequence.isCancelled()) {
          end(sequence, sequence.cancelled(nowNanos));
        } else if (sequence.isOverdue(nowNanos)) {
          end(sequence, sequence.timedOut(nowNanos));
        }
      }
    }
  }

  /** The order of a hash map must not decide the order of events. */
  private static List<Sequence> inOrder(List<Sequence> sequences) {
    return sequences.stream().sorted(Comparator.comparingLong(Sequence::id)).toList();
  }

  private void end(Sequence sequence, EngineEvent.Ended event) {
    roster.remove(sequence);
    events.add(event);
  }

  private List<EngineEvent> takeEvents() {
    List<EngineEvent> taken = List.copyOf(events);
    events.clear();
    return taken;
  }

  public EngineGauges gauges() {
    return roster.gauges(
        steps,
        tokensComputed,
        tokensGenerated,
        new SpeculationGauges(guessesChecked, guessesRight));
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
