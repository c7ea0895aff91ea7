package io.parley.engine;

import static io.parley.engine.InvariantBreach.unless;
import static java.util.Comparator.comparing;

import io.parley.common.ParleyException;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who waits and who runs. A sequence is on exactly one of the two lists; it holds blocks, and has a
 * part in its organisation's cap, exactly while it runs.
 */
final class Roster {
  private final EngineLimits limits;
  private final KvMemory memory;
  private final Map<Long, Sequence> sequences = new HashMap<>();
  private final FairShares shares;
  private final WaitingQueue waiting;
  private final Pace pace;
  private final Admission admission;
  private final Preemption preemption;
  private final List<Sequence> running = new ArrayList<>();
  private final Map<String, Integer> runningByOrganisation = new HashMap<>();
  private long preemptions;

  Roster(EngineLimits limits, SchedulerOptions options) {
    this.limits = limits;
    this.memory = new KvMemory(limits, options);
    this.shares = new FairShares(options.cost());
    this.waiting = new WaitingQueue(shares);
    this.pace = new Pace(options.cost());
    this.admission = new Admission(options.waitLimits(), limits.maxWaiting(), waiting, pace);
    this.preemption = new Preemption(limits);
  }

  boolean isEmpty() {
    return sequences.isEmpty();
  }

  /**
   * Puts a sequence into the queue.
   *
   * @return who has to leave the queue for it, which is for the caller to end; null if nobody
   * @throws ParleyException OVERLOADED if it is refused; nothing has changed then
   */
  @Nullable Sequence enqueue(Sequence sequence) {
    if (sequences.containsKey(sequence.id())) {
      throw new IllegalArgumentException("sequence %d exists already".formatted(sequence.id()));
    }
    sequence.expectedCost(pace.expectedCost(sequence.request()));
    Sequence loser = admission.leavesFor(sequence);
    sequences.put(sequence.id(), sequence);
    waiting.add(sequence);
    return loser;
  }

  /** When a sequence that had to leave the queue should try again. */
  long retryMs(Sequence loser) {
    return admission.retryMs(loser);
  }

  @Nullable Sequence find(long id) {
    return sequences.get(id);
  }

  /** All sequences, in no order: a copy, so that they may leave meanwhile. */
  List<Sequence> all() {
    return List.copyOf(sequences.values());
  }

  /** Whether the time of any sequence is up. */
  boolean anyOverdue(long nowNanos) {
    for (Sequence sequence : sequences.values()) {
      if (sequence.isOverdue(nowNanos)) {
        return true;
      }
    }
    return false;
  }

  /** Those that write a token in every step, in the order of admission. */
  List<Sequence> streaming() {
    return running.stream().filter(Sequence::isStreaming).toList();
  }

  /** Those that have more to compute before they write, by class, rank and order of admission. */
  List<Sequence> prefilling() {
    return running.stream()
        .filter(sequence -> !sequence.isStreaming())
        .sorted(comparing(Sequence::priority).thenComparingDouble(Sequence::rank))
        .toList();
  }

  /** Lets run who is next, as long as there is a place and memory. */
  void admit(long nowNanos) {
    Sequence next = waiting.next(this::mayRun);
    while (next != null && admit(next, nowNanos)) {
      next = waiting.next(this::mayRun);
    }
  }

  /** Whether its organisation's cap has room for it, or for it instead of a lesser one. */
  private boolean mayRun(Sequence next) {
    return !isAtCap(next) || running(next.organisation()) - lesser(next) < cap(next);
  }

  private boolean isAtCap(Sequence next) {
    return running(next.organisation()) >= cap(next);
  }

  private static int cap(Sequence sequence) {
    return sequence.request().terms().maxRunning();
  }

  /** How many of its own organisation would give way to it. */
  private long lesser(Sequence next) {
    return running.stream()
        .filter(other -> other.sharesCapWith(next) && Preemption.givesWay(other, next))
        .count();
  }

  private int running(String organisation) {
    return runningByOrganisation.getOrDefault(organisation, 0);
  }

  /** Whether it runs now, if need be instead of others. */
  private boolean admit(Sequence next, long nowNanos) {
    if (start(next, nowNanos)) {
      return true;
    }
    Deque<Sequence> victims = preemption.victims(next, running, isAtCap(next));
    if (victims.isEmpty() || !preemption.suffices(next, running, victims)) {
      return false;
    }
    while (!victims.isEmpty()) {
      preempt(victims.removeFirst());
      if (start(next, nowNanos)) {
        return true;
      }
    }
    return false;
  }

  private boolean start(Sequence next, long nowNanos) {
    if (running.size() >= limits.maxSequences() || isAtCap(next) || !memory.admit(next, nowNanos)) {
      return false;
    }
    waiting.remove(next);
    running.add(next);
    runningByOrganisation.merge(next.organisation(), 1, Integer::sum);
    shares.admitted(next);
    return true;
  }

  private void preempt(Sequence sequence) {
    memory.save(sequence);
    stop(sequence);
    sequence.preempt();
    preemptions++;
    waiting.addFirst(sequence);
  }

  private void stop(Sequence sequence) {
    running.remove(sequence);
    runningByOrganisation.computeIfPresent(
        sequence.organisation(), (_, count) -> count == 1 ? null : count - 1);
    shares.left(sequence);
    memory.release(sequence);
  }

  /** Notes that the next {@code count} tokens of a running sequence are computed. */
  void computed(Sequence sequence, int count) {
    shares.computed(sequence, count);
    sequence.computed(count);
  }

  /** The copies that the next step has to make. */
  List<BlockCopy> copies() {
    return memory.copies();
  }

  /** A step went well, in so many nanoseconds. */
  void stepDone(StepPlan plan, long nanos, long copyNanos) {
    memory.copied(plan, nanos, copyNanos);
    if (waiting.size() > 0) {
      pace.step(cost(plan), nanos);
    }
  }

  private double cost(StepPlan plan) {
    double cost = 0;
    for (ScheduledSequence part : plan.sequences()) {
      Sequence sequence = sequences.get(part.sequenceId());
      cost += sequence == null ? 0 : pace.cost(sequence, part.tokens().length - part.guesses());
    }
    return cost;
  }

  /** A sequence came to its own end. */
  void completed(Sequence sequence) {
    pace.ended(sequence.outputTokens());
    remove(sequence);
  }

  /** A step went wrong. */
  void stepFailed() {
    memory.copiesLost();
  }

  /** A sequence has computed something: what fills a block may be shared. */
  void register(Sequence sequence) {
    memory.register(sequence);
  }

  /** The one way out. */
  void remove(Sequence sequence) {
    sequences.remove(sequence.id());
    if (waiting.remove(sequence)) {
      memory.discard(sequence);
    } else {
      stop(sequence);
    }
    if (sequences.isEmpty()) {
      shares.clear();
    } else {
      shares.trim(this::isActive);
    }
  }

  private boolean isActive(String organisation) {
    return runningByOrganisation.containsKey(organisation) || waiting.holds(organisation);
  }

  EngineGauges gauges(
      long steps, long tokensComputed, long tokensGenerated, SpeculationGauges speculation) {
    return new EngineGauges(
        waiting.size(),
        running.size(),
        memory.blocks(),
        memory.blocksInUse(),
        steps,
        tokensComputed,
        tokensGenerated,
        memory.gauges(),
        speculation,
        memory.gauges(preemptions));
  }

  /** Whether the sums agree: takes time in proportion to the running sequences. */
  void checkSums() {
    int all = sequences.size();
    unless(
        all == waiting.size() + running.size(),
        "sequences = waiting + running",
        all,
        waiting.size(),
        running.size());
    unless(running.size() <= limits.maxSequences(), "running ≤ max_sequences", running.size());
    int capped = runningByOrganisation.values().stream().mapToInt(Integer::intValue).sum();
    unless(capped == running.size(), "the caps count who runs", capped, running.size());
    memory.checkSums(running);
  }

  /** Whether everything is right, each block and each sequence. */
  void checkAll() {
    checkSums();
    memory.checkAll(running, waiting.all());
    running.forEach(this::checkRunning);
    checkCaps();
    shares.check();
    waiting.check();
    waiting.all().forEach(this::checkWaiting);
  }

  /** When an organisation's newest was admitted it was within its cap; since then none came. */
  private void checkCaps() {
    Map<String, Sequence> newest = new HashMap<>();
    running.forEach(sequence -> newest.put(sequence.organisation(), sequence));
    newest.forEach(
        (organisation, sequence) ->
            unless(
                running(organisation) <= cap(sequence),
                "an organisation runs no more than its cap",
                sequence.id(),
                running(organisation)));
  }

  private void checkRunning(Sequence sequence) {
    long id = sequence.id();
    unless(sequences.get(id) == sequence, "a running sequence is known", id);
    unless(sequence.remainingTokens() >= 1, "a running sequence has work", id);
    unless(
        sequence.chargedTokens() <= sequence.totalTokens(),
        "charged tokens exist",
        id,
        sequence.chargedTokens());
    unless(
        sequence.preemptions() <= Preemption.MAX_PREEMPTIONS,
        "nobody is preempted for ever",
        id,
        sequence.preemptions());
  }

  private void checkWaiting(Sequence sequence) {
    long id = sequence.id();
    unless(sequences.get(id) == sequence, "a waiting sequence is known", id);
    unless(sequence.blockTable().length == 0, "a waiting sequence holds no block", id);
    unless(sequence.computedTokens() == 0, "a waiting sequence has computed nothing", id);
  }
}
