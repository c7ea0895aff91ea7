package io.parley.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.engine.EngineEvent.Cancelled;
import io.parley.engine.EngineEvent.Completed;
import io.parley.engine.EngineEvent.Ended;
import io.parley.engine.EngineEvent.Failed;
import io.parley.engine.EngineEvent.Started;
import io.parley.engine.EngineEvent.Text;
import io.parley.engine.sampling.SamplingParameters;
import io.parley.engine.speculation.Speculation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random lives of an engine, each from one seed; compared with runs alone and without a cache.
 *
 * <p>{@code -Dparley.simulation.seed=N} plays that seed alone, {@code -Dparley.simulation.seeds=N}
 * the first N.
 */
class EngineSimulationTest {
  private static final long SEEDS = Integer.getInteger("parley.simulation.seeds", 2000);
  private static final long ALL = 0;
  private static final TinyVocabulary VOCABULARY = new TinyVocabulary();
  private static final List<PriorityClass> CLASSES = List.of(PriorityClass.values());

  @Test
  void everyTraceKeepsTheBooksAndSaysWhatTheSequencesSayAlone() {
    Map<String, Integer> endings = new TreeMap<>();
    preemptions = 0;
    draftedTokens = 0;
    draftsCompared = 0;
    refusals = 0;
    long hitTokens = 0;
    long evictions = 0;
    long guessesRight = 0;
    long guessesWrong = 0;
    long savedBlocks = 0;
    long only = Long.getLong("parley.simulation.seed", ALL);
    for (long seed = only == ALL ? 1 : only; seed <= (only == ALL ? SEEDS : only); seed++) {
      try {
        EngineGauges gauges = new Trace(seed).play(endings);
        hitTokens += gauges.prefixCache().hitTokens();
        evictions += gauges.prefixCache().evictions();
        guessesRight += gauges.speculation().guessesRight();
        guessesWrong += gauges.speculation().guessesChecked() - gauges.speculation().guessesRight();
        savedBlocks += gauges.preemption().savedBlocks();
        assertThat(gauges.preemption().swapSlotsInUse()).isZero();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("replay with -Dparley.simulation.seed=" + seed, e);
      }
    }
    if (only != ALL) {
      return;
    }
    assertThat(hitTokens).as("prefixes were shared").isGreaterThan(SEEDS * 20);
    assertThat(evictions).as("memory was short").isGreaterThan(SEEDS);
    assertThat(guessesRight).as("guesses came true").isGreaterThan(SEEDS / 2);
    assertThat(guessesWrong).as("guesses failed").isGreaterThan(SEEDS);
    assertThat(draftedTokens).as("models guessed").isGreaterThan(SEEDS * 5);
    assertThat(draftsCompared).as("where nothing was left out").isGreaterThan(SEEDS);
    assertThat(refusals).as("some would have waited too long").isGreaterThan(SEEDS / 4);
    assertThat(savedBlocks).as("blocks waited in host memory").isGreaterThan(SEEDS / 2);
    assertThat(endings)
        .as("every kind of end came often")
        .containsOnlyKeys(
            "CONTEXT_FULL",
            "Cancelled",
            "END_TURN",
            "Failed",
            "MAX_TOKENS",
            "SHED",
            "STOP_SEQUENCE",
            "TIMEOUT")
        .allSatisfy((_, count) -> assertThat(count.longValue()).isGreaterThan(SEEDS / 4));
    assertThat(preemptions).as("sequences gave way often").isGreaterThan(SEEDS / 4);
  }

  private long preemptions;
  private long draftedTokens;
  private long refusals;
  private long draftsCompared;

  /** What came out of one sequence. */
  private static final class Transcript {
    final SequenceRequest request;
    final long submittedNanos;
    final StringBuilder text = new StringBuilder();
    boolean started;
    int outputTokens;
    @Nullable Ended end;

    Transcript(SequenceRequest request, long submittedNanos) {
      this.request = request;
      this.submittedNanos = submittedNanos;
    }

    boolean isOverdue(long now) {
      return now - submittedNanos >= request.terms().timeLimitNanos();
    }

    static String ending(@Nullable Ended end) {
      return switch (end) {
        case Completed completed -> completed.reason().name();
        case Failed failed when failed.code() == ErrorCode.TIMEOUT -> "TIMEOUT";
        case Failed failed when failed.code() == ErrorCode.OVERLOADED -> "SHED";
        case Failed _ -> "Failed";
        case Cancelled _ -> "Cancelled";
        case null -> throw new AssertionError("a sequence without an end");
      };
    }

    void take(EngineEvent event) {
      assertThat(end).as("nothing after the end").isNull();
      switch (event) {
        case Started(long _, int inputTokens, int cachedTokens, long waitedNanos) -> {
          assertThat(waitedNanos).isNotNegative();
          assertThat(started).isFalse();
          assertThat(cachedTokens).isBetween(0, inputTokens - 1);
          assertThat(inputTokens).isEqualTo(request.promptTokens().length);
          started = true;
        }
        case Text(long _, String piece, int tokens) -> {
          assertThat(started).isTrue();
          assertThat(piece).isNotEmpty();
          assertThat(Character.isHighSurrogate(piece.charAt(piece.length() - 1))).isFalse();
          assertThat(tokens).isGreaterThan(outputTokens);
          outputTokens = tokens;
          text.append(piece);
        }
        case Ended last -> {
          assertThat(started || last.timing().admittedNanos() < 0).isTrue();
          assertThat(last.outputTokens()).isBetween(outputTokens, request.maxTokens());
          if (ending(last).equals("TIMEOUT")) {
            assertThat(isOverdue(submittedNanos + last.timing().endedNanos())).isTrue();
            assertThat(((Failed) last).message())
                .contains("after %d of at most".formatted(last.outputTokens()));
          }
          end = last;
        }
      }
    }
  }

  private final class Trace {
    private final SplittableRandom random;
    private final EngineLimits limits;
    private final Scheduler scheduler;
    private final WaitLimits waitLimits;
    private final int memoryTokens;
    private boolean everyoneDrafted = true;
    private final ScriptedRunner runner;
    private final Drafter drafter; // the same model once more
    private final List<SchedulingTerms> organisations;
    private final int[][] prefixes = new int[3][];
    private final Map<Long, Transcript> transcripts = new HashMap<>();
    private final Map<Long, Reach> positions = new HashMap<>(); // where each goes on
    private long now;

    Trace(long seed) {
      random = new SplittableRandom(seed);
      limits = randomLimits();
      organisations = randomOrganisations();
      waitLimits = randomWaitLimits();
      scheduler =
          new Scheduler(
              limits,
              VOCABULARY,
              SchedulerOptions.PLAIN
                  .with(randomSettings())
                  .with(randomSpeculation())
                  .with(waitLimits)
                  .with(new SwapSettings(random.nextInt(3) * random.nextInt(12))));
      memoryTokens = random.nextBoolean() ? 2 : Integer.MAX_VALUE;
      runner = runner(limits, memoryTokens);
      drafter = new GreedyDrafter(runner(limits, memoryTokens));
      Arrays.setAll(prefixes, _ -> randomTokens(limits.contextTokens() + 2));
    }

    /** Mostly on. */
    private PrefixCacheSettings randomSettings() {
      return random.nextInt(5) == 0
          ? PrefixCacheSettings.OFF
          : PrefixCacheSettings.withSecretFrom(random);
    }

    private WaitLimits randomWaitLimits() {
      return random.nextInt(3) > 0
          ? WaitLimits.NONE
          : new WaitLimits(
              random.nextLong(1, 5_000), random.nextLong(1, 5_000), random.nextLong(1, 5_000));
    }

    private Speculation randomSpeculation() {
      return random.nextBoolean()
          ? Speculation.OFF
          : new Speculation(
              random.nextInt(1, 7),
              random.nextDouble(0.05, 1),
              random.nextBoolean() ? Double.POSITIVE_INFINITY : random.nextDouble(0.01, 0.5));
    }

    EngineGauges play(Map<String, Integer> endings) {
      int arrivals = random.nextInt(5, 40);
      for (int i = 0; i < arrivals; ) {
        if (random.nextInt(3) > 0) {
          arrive(i++);
        }
        if (random.nextInt(12) == 0) {
          scheduler.cancel(random.nextLong(arrivals));
        }
        step(random.nextInt(40) == 0);
      }
      while (!scheduler.isIdle()) {
        step(false);
      }
      assertThat(scheduler.gauges().blocksInUse()).isZero();
      for (Transcript transcript : transcripts.values()) {
        compareWithSequentialRun(transcript);
        endings.merge(Transcript.ending(transcript.end), 1, Integer::sum);
      }
      return scheduler.gauges();
    }

    private void arrive(long id) {
      SequenceRequest request = randomRequest();
      boolean full = scheduler.gauges().waiting() >= limits.maxWaiting();
      boolean tooLong = request.promptTokens().length >= limits.contextTokens();
      try {
        scheduler.submit(id, request, now);
        assertThat(tooLong).isFalse();
        transcripts.put(id, new Transcript(request, now));
      } catch (ParleyException e) {
        assertThat(e.code()).isEqualTo(tooLong ? ErrorCode.INVALID_REQUEST : ErrorCode.OVERLOADED);
        assertThat(full || tooLong || !waitLimits.equals(WaitLimits.NONE)).isTrue();
        refusals += tooLong || full ? 0 : 1;
      }
    }

    private void step(boolean fault) {
      now += random.nextInt(1, 500);
      StepPlan scheduled = scheduler.schedule(now);
      scheduler.checkInvariants();
      StepPlan plan = fault ? scheduled : withDrafts(scheduled);
      checkPlan(plan);
      if (random.nextInt(20) == 0) {
        scheduler.cancel(random.nextLong(40));
      }
      now += random.nextInt(1, 500);
      List<EngineEvent> events =
          fault
              ? scheduler.runnerFailed(plan, new IllegalStateException("scripted"), now)
              : scheduler.update(plan, run(scheduled, plan), now);
      scheduler.checkInvariants();
      events.forEach(event -> transcript(event.sequenceId()).take(event));
      for (Transcript transcript : transcripts.values()) {
        if (transcript.end == null && transcript.isOverdue(now)) {
          throw new AssertionError("lives beyond its time limit: " + transcript.request.terms());
        }
      }
    }

    private StepPlan withDrafts(StepPlan scheduled) {
      everyoneDrafted &=
          scheduled.sequences().stream()
              .noneMatch(part -> part.draftRoom() == ScheduledSequence.UNDRAFTED);
      int[][] drafts = drafter.draft(scheduled);
      draftedTokens += Arrays.stream(drafts).mapToInt(each -> each.length).sum();
      return scheduled.with(drafts);
    }

    /**
     * The drafter has the same model, so it guesses what the model finds most likely: as long as
     * its keys and values are where the model's are, whatever was shared, evicted or swapped.
     */
    private StepResult run(StepPlan scheduled, StepPlan plan) {
      StepResult result = runner.run(plan);
      int row = 0;
      if (!everyoneDrafted) {
        return result; // blocks that it never saw may have been shared
      }
      for (int i = 0; i < plan.sequences().size(); i++) {
        ScheduledSequence part = plan.sequences().get(i);
        for (int guess = 0; guess < scheduled.sequences().get(i).draftRoom(); guess++) {
          draftsCompared++;
          assertThat(GreedyDrafter.mostLikely(result, row + guess)).isEqualTo(part.guess(guess));
        }
        row += part.logitsRows();
      }
      return result;
    }

    private void checkPlan(StepPlan plan) {
      assertThat(plan.tokens()).isLessThanOrEqualTo(limits.maxBatchTokens());
      assertThat(plan.sequences()).hasSize(scheduler.gauges().running() - starved(plan));
      assertThat(plan.sequences())
          .extracting(ScheduledSequence::sequenceId)
          .doesNotHaveDuplicates();
      EngineGauges gauges = scheduler.gauges();
      assertThat(gauges.running() > 0 || gauges.waiting() == 0).as("work goes on").isTrue();
      assertThat(gauges.waiting()).isLessThanOrEqualTo(limits.maxWaiting() + limits.maxSequences());
      plan.sequences().forEach(this::checkPosition);
      checkCaps(plan);
      checkApart(plan);
    }

    /** How far a sequence came for certain, and if all its guesses were right. */
    private record Reach(int certain, int withGuesses) {}

    /**
     * A sequence goes on where it was, unless it gave way to a higher class: then where the cache
     * ends.
     */
    private void checkPosition(ScheduledSequence part) {
      int start = part.startPosition();
      int certain = start + part.tokens().length - part.guesses();
      Reach before = positions.getOrDefault(part.sequenceId(), new Reach(start, start));
      if (start < before.certain || start > before.withGuesses) {
        assertThat(start % limits.blockTokens()).as("the cache holds full blocks").isZero();
        assertThat(transcript(part.sequenceId()).request.terms().priority())
            .isNotEqualTo(PriorityClass.INTERACTIVE);
        preemptions++;
      }
      positions.put(part.sequenceId(), new Reach(certain, certain + part.guesses()));
    }

    private void checkCaps(StepPlan plan) {
      Map<String, Integer> running = new HashMap<>();
      for (ScheduledSequence part : plan.sequences()) {
        SchedulingTerms terms = transcript(part.sequenceId()).request.terms();
        int count = running.merge(terms.organisation(), 1, Integer::sum);
        assertThat(count).isLessThanOrEqualTo(terms.maxRunning());
      }
    }

    private void checkApart(StepPlan plan) {
      for (ScheduledSequence part : plan.sequences()) {
        for (ScheduledSequence other : plan.sequences()) {
          if (part.sequenceId() != other.sequenceId()) {
            checkApart(part, other);
          }
        }
      }
    }

    /** Nobody writes what another one has; organisations have nothing in common. */
    private void checkApart(ScheduledSequence part, ScheduledSequence other) {
      int[] table = part.blockTable();
      int from = part.startPosition() / limits.blockTokens();
      int to = (part.startPosition() + part.tokens().length - 1) / limits.blockTokens();
      if (!organisation(part).equals(organisation(other))) {
        from = 0;
        to = table.length - 1;
      }
      for (int i = from; i <= to; i++) {
        int block = table[i];
        if (Arrays.stream(other.blockTable()).anyMatch(b -> b == block)) {
          throw new AssertionError("block " + block + " of " + part + " is also in " + other);
        }
      }
    }

    private String organisation(ScheduledSequence part) {
      return transcript(part.sequenceId()).request.terms().organisation();
    }

    /**
     * Running sequences that the plan leaves out: only prompts, and only if the budget is spent.
     */
    private int starved(StepPlan plan) {
      return plan.tokens() == limits.maxBatchTokens()
          ? scheduler.gauges().running() - plan.sequences().size()
          : 0;
    }

    private Transcript transcript(long id) {
      Transcript transcript = transcripts.get(id);
      if (transcript == null) {
        throw new AssertionError("an event of sequence " + id + ", which was refused");
      }
      return transcript;
    }

    private void compareWithSequentialRun(Transcript transcript) {
      Transcript alone = runAlone(transcript.request, limits, memoryTokens);
      switch (transcript.end) {
        case Completed(
                long _,
                FinishReason reason,
                @Nullable String stop,
                int _,
                int outputTokens,
                EngineEvent.Timing _) -> {
          assertThat(transcript.text.toString()).isEqualTo(alone.text.toString());
          assertThat(alone.end).isInstanceOf(Completed.class);
          Completed same = (Completed) alone.end;
          assertThat(same.reason()).isEqualTo(reason);
          assertThat(same.stopSequence()).isEqualTo(stop);
          assertThat(same.outputTokens()).isEqualTo(outputTokens);
        }
        case Ended _ -> assertThat(alone.text.toString()).startsWith(transcript.text.toString());
        case null -> throw new AssertionError("a sequence without an end");
      }
    }

    private EngineLimits randomLimits() {
      int context = random.nextInt(8, 96);
      int blockTokens = 1 << random.nextInt(5);
      int blocks = Math.ceilDiv(context, blockTokens);
      int maxSequences = random.nextInt(1, 9);
      return new EngineLimits(
          context,
          blocks + random.nextInt(3 * blocks + 1),
          blockTokens,
          maxSequences + random.nextInt(24),
          maxSequences,
          random.nextInt(1, 16));
    }

    private List<SchedulingTerms> randomOrganisations() {
      List<SchedulingTerms> all = new ArrayList<>();
      for (int i = random.nextInt(1, 5); i > 0; i--) {
        int cap = random.nextInt(3) > 0 ? Integer.MAX_VALUE : random.nextInt(1, 4);
        all.add(
            new SchedulingTerms(
                "o" + i,
                random.nextDouble(0.1, 4),
                cap,
                PriorityClass.INTERACTIVE,
                SchedulingTerms.NO_TIME_LIMIT));
      }
      return all;
    }

    private SchedulingTerms randomTerms() {
      SchedulingTerms organisation = organisations.get(random.nextInt(organisations.size()));
      return new SchedulingTerms(
          organisation.organisation(),
          organisation.weight(),
          organisation.maxRunning(),
          CLASSES.get(random.nextInt(CLASSES.size())),
          random.nextInt(8) > 0 ? SchedulingTerms.NO_TIME_LIMIT : random.nextLong(1, 20_000));
    }

    private SequenceRequest randomRequest() {
      int length = random.nextInt(1, Math.min(limits.contextTokens() + 2, 60));
      int[] prompt = randomTokens(length);
      int shared = random.nextInt(length + 1);
      System.arraycopy(prefixes[random.nextInt(prefixes.length)], 0, prompt, 0, shared);
      SamplingParameters sampling =
          new SamplingParameters(
              random.nextInt(3) * 0.7,
              random.nextInt(2) * random.nextInt(10),
              1 - random.nextInt(2) * random.nextDouble(0.9),
              random.nextLong());
      return new SequenceRequest(
          prompt, random.nextInt(1, 40), sampling, randomStops(), randomTerms());
    }

    private int[] randomTokens(int count) {
      return IntStream.range(0, count).map(_ -> random.nextInt(VOCABULARY.size())).toArray();
    }

    private List<String> randomStops() {
      List<String> stops = new ArrayList<>();
      for (int i = random.nextInt(3); i > 0; i--) {
        StringBuilder stop = new StringBuilder();
        for (int j = random.nextInt(2, 5); j > 0; j--) {
          stop.appendCodePoint("abcd \né€😀\uFFFD".codePoints().toArray()[random.nextInt(10)]);
        }
        stops.add(stop.toString());
      }
      return stops;
    }
  }

  private static Transcript runAlone(
      SequenceRequest request, EngineLimits limits, int memoryTokens) {
    Scheduler scheduler = new Scheduler(limits, VOCABULARY);
    ScriptedRunner runner = runner(limits, memoryTokens);
    Transcript transcript = new Transcript(request, 0);
    scheduler.submit(1, request, 0);
    while (!scheduler.isIdle()) {
      StepPlan plan = scheduler.schedule(0);
      scheduler.update(plan, runner.run(plan), 0).forEach(transcript::take);
    }
    assertThat(transcript.end).isInstanceOfAny(Completed.class, Failed.class);
    return transcript;
  }

  private static ScriptedRunner runner(EngineLimits limits, int memoryTokens) {
    return new ScriptedRunner(
        limits.blocks(), limits.blockTokens(), VOCABULARY.size(), memoryTokens);
  }
}
