package io.parley.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.sampling.SamplingParameters;
import io.parley.engine.speculation.GuessSources;
import io.parley.engine.speculation.Speculation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Pool and prefix cache together, against a model that knows contents and no block numbers. */
class KvMemoryTest {
  private static final int BLOCK = 2;
  private static final EngineLimits LIMITS = new EngineLimits(12, 14, BLOCK, 8, 8, 8);
  private static final PrefixCacheSettings ON = new PrefixCacheSettings(true, 1, 2);

  @Test
  void behavesAsItsModel() {
    long hits = 0;
    long evictions = 0;
    for (long seed = 1; seed <= 300; seed++) {
      Trace trace = new Trace(seed);
      try {
        trace.play(200);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
      hits += trace.memory.gauges().hitTokens();
      evictions += trace.memory.gauges().evictions();
    }
    assertThat(hits).isGreaterThan(5_000);
    assertThat(evictions).isGreaterThan(1_000);
  }

  @Test
  void whatWasUsedLastIsEvictedLastAndChildrenGoBeforeTheirParents() {
    KvMemory memory = new KvMemory(LIMITS, SchedulerOptions.PLAIN.with(ON));
    finish(memory, sequence("a", 1, 1, 1, 1, 1, 1, 1, 1)); // 4 full blocks
    finish(memory, sequence("a", 2, 2, 2, 2, 2, 2, 2, 2));
    assertThat(memory.gauges().idleBlocks()).isEqualTo(8);
    finish(memory, sequence("a", 1, 1, 1, 1, 1, 1, 1, 1)); // uses three of them, makes no new
    Sequence large = sequence("b", IntStream.range(0, 11).toArray());
    Sequence other = sequence("c", IntStream.range(0, 8).toArray());
    assertThat(memory.admit(large, 0)).isTrue(); // 6 blocks, of 14 − 8 free
    assertThat(memory.admit(other, 0)).isTrue(); // 5 blocks: the 4 with 2s and the last with 1s
    assertThat(memory.gauges().evictions()).isEqualTo(5);
    memory.release(large);
    memory.release(other);
    assertThat(hits(memory, sequence("a", 2, 2, 2, 2, 2))).isZero();
    assertThat(hits(memory, sequence("a", 1, 1, 1, 1, 1, 1, 1, 1, 1))).isEqualTo(6);
  }

  @Test
  void atLeastOneTokenIsLeftToCompute() {
    KvMemory memory = new KvMemory(LIMITS, SchedulerOptions.PLAIN.with(ON));
    finish(memory, sequence("a", 1, 2, 3, 4));
    assertThat(hits(memory, sequence("a", 1, 2, 3, 4))).isEqualTo(2);
    assertThat(hits(memory, sequence("a", 1, 2, 3, 4, 5))).isEqualTo(4);
  }

  @Test
  void organisationsDoNotShare() {
    KvMemory memory = new KvMemory(LIMITS, SchedulerOptions.PLAIN.with(ON));
    finish(memory, sequence("a", 1, 2, 3, 4, 5));
    assertThat(hits(memory, sequence("b", 1, 2, 3, 4, 5))).isZero();
    assertThat(hits(memory, sequence("a", 1, 2, 3, 4, 5))).isEqualTo(4);
  }

  @Test
  void aSequenceThatComesBackFindsItsAnswerToo() {
    KvMemory memory = new KvMemory(LIMITS, SchedulerOptions.PLAIN.with(ON));
    Sequence sequence = answering("a", 6, 1, 2, 3);
    assertThat(memory.admit(sequence, 0)).isTrue();
    for (int token = 4; token <= 8; token++) {
      sequence.computed(sequence.remainingTokens());
      sequence.append(token, 0);
    }
    memory.release(sequence); // 7 of 8 tokens computed
    assertThat(memory.blocksInUse()).isZero();
    assertThat(memory.admit(sequence, 0)).isTrue();
    assertThat(sequence.computedTokens()).isEqualTo(6);
  }

  @Test
  void blocksOfADistrustedSequenceAreForgottenUnlessOthersBuiltUponThem() {
    KvMemory memory = new KvMemory(LIMITS, SchedulerOptions.PLAIN.with(ON));
    finish(memory, sequence("a", 1, 1, 2));
    Sequence bad = sequence("a", 1, 1, 3, 3, 4);
    assertThat(memory.admit(bad, 0)).isTrue();
    bad.computed(bad.remainingTokens());
    memory.register(bad);
    finish(memory, sequence("a", 1, 1, 5, 5, 6));
    bad.distrust();
    memory.release(bad);
    memory.checkAll(List.of(), List.of());
    assertThat(hits(memory, sequence("a", 1, 1, 3, 3, 4))).as("the shared block").isEqualTo(2);
  }

  @Test
  void withoutTheCacheNothingIsKept() {
    KvMemory memory = new KvMemory(LIMITS, SchedulerOptions.PLAIN);
    finish(memory, sequence("a", 1, 2, 3, 4, 5));
    assertThat(hits(memory, sequence("a", 1, 2, 3, 4, 5))).isZero();
    assertThat(memory.gauges().idleBlocks()).isZero();
  }

  private static int hits(KvMemory memory, Sequence sequence) {
    assertThat(memory.admit(sequence, 0)).isTrue();
    int hits = sequence.computedTokens();
    memory.release(sequence);
    return hits;
  }

  private static void finish(KvMemory memory, Sequence sequence) {
    assertThat(memory.admit(sequence, 0)).isTrue();
    sequence.computed(sequence.remainingTokens());
    memory.release(sequence);
  }

  private static Sequence sequence(String organisation, int... prompt) {
    return answering(organisation, 1, prompt);
  }

  private static Sequence answering(String organisation, int maxTokens, int... prompt) {
    SchedulingTerms terms = SchedulingTerms.of(organisation);
    return new Sequence(
        0,
        new SequenceRequest(prompt, maxTokens, SamplingParameters.GREEDY, List.of(), terms),
        GuessSources.of(Speculation.OFF),
        0);
  }

  /** Full blocks by what is in them: the organisation, and all tokens up to the block's end. */
  private record Content(String organisation, List<Integer> tokens) {
    boolean isParentOf(Content other) {
      return organisation.equals(other.organisation)
          && other.tokens.size() == tokens.size() + BLOCK
          && other.tokens.subList(0, tokens.size()).equals(tokens);
    }
  }

  /** What should happen, in the plainest words. */
  private static final class Model {
    final Map<Content, Integer> holders = new HashMap<>(); // of every registered block
    final LinkedHashSet<Content> idle = new LinkedHashSet<>();
    int ownBlocks; // of sequences, not registered
    long evictions;

    int hits(Sequence sequence) {
      int hits = 0;
      while ((hits + 1) * BLOCK < sequence.totalTokens()
          && holders.containsKey(content(sequence, hits))) {
        hits++;
      }
      return hits;
    }

    boolean admit(Sequence sequence, int hits) {
      int fresh = LIMITS.worstCaseBlocks(sequence.request()) - hits;
      List<Content> shared = IntStream.range(0, hits).mapToObj(i -> content(sequence, i)).toList();
      long evictable = idle.stream().filter(content -> !shared.contains(content)).count();
      int free = LIMITS.blocks() - ownBlocks - holders.size();
      if (fresh > free + evictable) {
        return false;
      }
      shared.forEach(this::hold);
      for (int i = free; i < fresh; i++) {
        Content oldest = idle.removeFirst();
        holders.remove(oldest);
        evictions++;
      }
      ownBlocks += fresh;
      return true;
    }

    private void hold(Content content) {
      holders.merge(content, 1, Integer::sum);
      idle.remove(content);
    }

    void register(Sequence sequence, int index) {
      ownBlocks--;
      hold(content(sequence, index));
    }

    void release(Sequence sequence, int registered, boolean trusted) {
      ownBlocks -= sequence.blockTable().length - registered;
      boolean forgetting = !trusted;
      for (int i = registered - 1; i >= 0; i--) {
        Content content = content(sequence, i);
        boolean last = holders.merge(content, -1, Integer::sum) == 0;
        forgetting &= last && holders.keySet().stream().noneMatch(content::isParentOf);
        if (forgetting) {
          holders.remove(content);
        } else if (last) {
          idle.add(content);
        }
      }
    }

    private static Content content(Sequence sequence, int index) {
      List<Integer> tokens = new ArrayList<>();
      for (int i = 0; i < (index + 1) * BLOCK; i++) {
        tokens.add(sequence.tokens()[i]);
      }
      return new Content(sequence.request().terms().organisation(), tokens);
    }
  }

  /** Random operations on memory and model alike. */
  private static final class Trace {
    final KvMemory memory = new KvMemory(LIMITS, SchedulerOptions.PLAIN.with(ON));
    private final Model model = new Model();
    private final List<Sequence> running = new ArrayList<>();
    private final SplittableRandom random;

    Trace(long seed) {
      random = new SplittableRandom(seed);
    }

    void play(int operations) {
      for (int i = 0; i < operations; i++) {
        if (running.isEmpty() || random.nextInt(4) == 0) {
          admit();
        } else {
          int at = random.nextInt(running.size());
          if (random.nextInt(4) == 0) {
            release(running.remove(at));
          } else {
            compute(running.get(at));
          }
        }
        compare();
      }
      while (!running.isEmpty()) {
        release(running.removeLast());
        compare();
      }
      assertThat(memory.blocksInUse()).isZero();
    }

    private void admit() {
      int[] prompt = random.ints(random.nextInt(1, 11), 0, 2).toArray();
      Sequence sequence = sequence(random.nextBoolean() ? "a" : "b", prompt);
      int hits = model.hits(sequence);
      boolean admitted = model.admit(sequence, hits);
      assertThat(memory.admit(sequence, 0)).isEqualTo(admitted);
      if (admitted) {
        assertThat(sequence.computedTokens()).isEqualTo(hits * BLOCK);
        running.add(sequence);
      }
    }

    private void compute(Sequence sequence) {
      if (sequence.remainingTokens() > 0) {
        sequence.computed(random.nextInt(1, sequence.remainingTokens() + 1));
      }
      registerInModel(sequence);
      memory.register(sequence);
    }

    private void registerInModel(Sequence sequence) {
      for (int i = sequence.registeredBlocks(); i < sequence.computedTokens() / BLOCK; i++) {
        model.register(sequence, i);
      }
    }

    private void release(Sequence sequence) {
      boolean trusted = random.nextInt(8) > 0;
      if (!trusted) {
        sequence.distrust();
      }
      model.release(sequence, sequence.registeredBlocks(), trusted);
      memory.release(sequence);
    }

    private void compare() {
      memory.checkSums(running);
      memory.checkAll(running, List.of());
      int held = model.holders.size() - model.idle.size() + model.ownBlocks;
      assertThat(memory.blocksInUse()).isEqualTo(held);
      assertThat(memory.gauges().idleBlocks()).isEqualTo(model.idle.size());
      assertThat(memory.gauges().evictions()).isEqualTo(model.evictions);
    }
  }
}
