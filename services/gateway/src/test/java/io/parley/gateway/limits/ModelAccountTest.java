package io.parley.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.gateway.administration.TierLimits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

class ModelAccountTest {
  private static final long LEASE_MS = 90_000;
  private static final OptionalLong NONE = OptionalLong.empty();

  /** One thing that happens, some time after the one before. */
  record Step(What what, int ms, int input, int output) {}

  enum What {
    RESERVE,
    CORRECT,
    SETTLE,
    RELEASE,
    END_AGAIN
  }

  @Property(tries = 1_000)
  void noStretchOfTimeLetsMoreInThanItMay(
      @ForAll("limits") TierLimits limits, @ForAll("scripts") List<Step> script) {
    World world = new World(limits);
    script.forEach(world::play);
    world.checkWindows(limits.requestsPerMinute(), one -> one.requests);
    world.checkWindows(limits.inputTokensPerMinute(), one -> one.input);
    world.checkWindows(limits.outputTokensPerMinute(), one -> one.output);
  }

  @Provide
  Arbitrary<TierLimits> limits() {
    return Combinators.combine(upTo(20), upTo(300), upTo(300), upTo(5))
        .as((r, i, o, c) -> new TierLimits("m", r, i, o, c));
  }

  private static Arbitrary<OptionalLong> upTo(long most) {
    return Arbitraries.longs()
        .between(1, most)
        .map(OptionalLong::of)
        .optional(0.8)
        .map(limit -> limit.orElse(NONE));
  }

  @Provide
  Arbitrary<List<Step>> scripts() {
    Arbitrary<What> what =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.just(What.RESERVE)),
            Tuple.of(5, Arbitraries.of(What.values())));
    Arbitrary<Integer> ms =
        Arbitraries.frequencyOf(
            Tuple.of(4, Arbitraries.just(0)),
            Tuple.of(4, Arbitraries.integers().between(1, 2_000)),
            Tuple.of(1, Arbitraries.integers().between(2_000, 100_000)));
    Arbitrary<Integer> tokens = Arbitraries.integers().between(0, 400);
    return Combinators.combine(what, ms, tokens, tokens).as(Step::new).list().ofMaxSize(80);
  }

  /** What was let in, and what it took in the end; as long as it runs, what it holds. */
  private static final class Admitted {
    final long atMs;
    long requests = 1;
    long input;
    long output;

    Admitted(long atMs, long input, long output) {
      this.atMs = atMs;
      this.input = input;
      this.output = output;
    }
  }

  /** An account in a store that forgets, and a book of what went by. */
  private static final class World {
    private final TierLimits limits;
    private final List<Admitted> all = new ArrayList<>();
    private final Map<Long, Admitted> open = new HashMap<>();
    private final List<Long> over = new ArrayList<>();
    private Optional<byte[]> state = Optional.empty();
    private long expiresMs;
    private long nowMs = 1_000_000;
    private long ids;

    World(TierLimits limits) {
      this.limits = limits;
    }

    void play(Step step) {
      nowMs += step.ms;
      open.values().removeIf(one -> one.atMs + LEASE_MS <= nowMs);
      switch (step.what) {
        case RESERVE -> reserve(step);
        case CORRECT -> changeOne(step, (id, one) -> correct(id, one, step));
        case SETTLE -> changeOne(step, (id, one) -> settle(id, one, step));
        case RELEASE -> changeOne(step, this::release);
        case END_AGAIN -> endAgain(step);
      }
      assertThat(at(nowMs).open()).isEqualTo(open.size());
      limits.concurrentRequests().ifPresent(m -> assertThat(open.size()).isLessThan((int) m + 1));
    }

    private ModelAccount at(long timeMs) {
      return ModelAccount.open(state.filter(s -> timeMs < expiresMs), limits, timeMs);
    }

    private void reserve(Step step) {
      ModelAccount account = at(nowMs);
      byte[] before = account.bytes();
      long id = ++ids;
      Optional<Refusal> refusal = account.reserve(id, step.input, step.output, LEASE_MS);
      if (refusal.isPresent()) {
        assertThat(account.bytes()).as("all or nothing").isEqualTo(before);
        checkWait(refusal.get(), step);
      } else {
        keep(account);
        Admitted one =
            new Admitted(
                nowMs,
                Math.min(step.input, limits.inputTokensPerMinute().orElse(Long.MAX_VALUE)),
                Math.min(step.output, limits.outputTokensPerMinute().orElse(Long.MAX_VALUE)));
        all.add(one);
        open.put(id, one);
      }
    }

    private void checkWait(Refusal refusal, Step step) {
      if (refusal.limit() != Limit.CONCURRENT) {
        long wait = refusal.retryAfterMs();
        assertThat(at(nowMs + wait - 1).reserve(-1, step.input, step.output, LEASE_MS)).isPresent();
        Optional<Refusal> then = at(nowMs + wait).reserve(-1, step.input, step.output, LEASE_MS);
        assertThat(then.map(Refusal::limit).orElse(Limit.CONCURRENT)).isEqualTo(Limit.CONCURRENT);
      }
    }

    private void correct(long id, Admitted one, Step step) {
      one.input = Math.min(one.input, step.input);
      one.output = Math.min(one.output, step.output);
      change(account -> account.correct(id, one.input, one.output));
    }

    private void settle(long id, Admitted one, Step step) {
      one.input = Math.min(one.input, step.input);
      one.output = Math.min(one.output, step.output);
      change(account -> account.settle(id, one.input, one.output));
      end(id);
    }

    private void release(long id, Admitted one) {
      one.requests = 0;
      one.input = 0;
      one.output = 0;
      change(account -> account.release(id));
      end(id);
    }

    private void end(long id) {
      open.remove(id);
      over.add(id);
    }

    private void endAgain(Step step) {
      if (!over.isEmpty()) {
        long id = over.get(step.input % over.size());
        byte[] untouched = at(nowMs).bytes();
        ModelAccount account = at(nowMs);
        account.correct(id, 0, 0);
        account.settle(id, 0, step.output);
        account.release(id);
        assertThat(account.bytes()).isEqualTo(untouched);
      }
    }

    private void changeOne(Step step, BiConsumer<Long, Admitted> change) {
      if (!open.isEmpty()) {
        List<Long> ids = open.keySet().stream().sorted().toList();
        long id = ids.get((step.input + step.output) % ids.size());
        change.accept(id, Objects.requireNonNull(open.get(id)));
      }
    }

    private void change(Consumer<ModelAccount> step) {
      ModelAccount account = at(nowMs);
      step.accept(account);
      keep(account);
    }

    private void keep(ModelAccount account) {
      state = Optional.of(account.bytes());
      expiresMs = nowMs + account.ttl().toMillis();
    }

    void checkWindows(OptionalLong perMinute, ToLongFunction<Admitted> amount) {
      for (int from = 0; from < all.size() && perMinute.isPresent(); from++) {
        long sum = 0;
        for (int to = from; to < all.size(); to++) {
          sum += amount.applyAsLong(all.get(to));
          long ms = all.get(to).atMs - all.get(from).atMs;
          assertThat(sum * 60_000).isLessThanOrEqualTo(perMinute.getAsLong() * (60_000 + ms));
        }
      }
    }
  }

  @Test
  void theLimitThatTakesLongestIsNamed() {
    ModelAccount account = ModelAccount.open(Optional.empty(), limits(2, 100, 1_000, 10), 0);
    account.reserve(1, 100, 1, LEASE_MS);
    account.reserve(2, 0, 1, LEASE_MS);
    assertThat(account.reserve(3, 100, 1, LEASE_MS))
        .contains(new Refusal(Limit.INPUT_TOKENS, 100, 60_000));
    assertThat(account.reserve(3, 0, 1, LEASE_MS)).contains(new Refusal(Limit.REQUESTS, 2, 30_000));
  }

  @Test
  void aReplicaThatDiedFreesItsPlace() {
    TierLimits one = limits(100, 100, 100, 1);
    ModelAccount account = ModelAccount.open(Optional.empty(), one, 0);
    account.reserve(1, 1, 1, LEASE_MS);
    assertThat(account.reserve(2, 1, 1, LEASE_MS))
        .contains(new Refusal(Limit.CONCURRENT, 1, ModelAccount.UNKNOWN_WAIT_MS));
    Optional<byte[]> state = Optional.of(account.bytes());
    assertThat(ModelAccount.open(state, one, LEASE_MS - 1).open()).isEqualTo(1);
    assertThat(ModelAccount.open(state, one, LEASE_MS).open()).isZero();
  }

  @Test
  void moreThanWasThoughtIsADebt() {
    ModelAccount account = ModelAccount.open(Optional.empty(), limits(100, 60, 60, 10), 0);
    account.reserve(1, 10, 60, LEASE_MS);
    account.correct(1, 90, 60);
    account.settle(1, 90, 60);
    assertThat(account.reserve(2, 1, 0, LEASE_MS))
        .contains(new Refusal(Limit.INPUT_TOKENS, 60, 31_000));
  }

  @Test
  void aClockThatIsBehindAnotherReplicasTakesNothingAway() {
    TierLimits limits = limits(60, 60, 60, 10);
    ModelAccount ahead = ModelAccount.open(Optional.empty(), limits, 10_000);
    ahead.reserve(1, 60, 60, LEASE_MS);
    ModelAccount behind = ModelAccount.open(Optional.of(ahead.bytes()), limits, 5_000);
    assertThat(behind.bytes()).isEqualTo(ahead.bytes());
  }

  @Test
  void newLimitsHoldForWhatWasTakenUnderOldOnes() {
    ModelAccount account = ModelAccount.open(Optional.empty(), limits(10, 100, 100, 10), 0);
    account.reserve(1, 100, 0, LEASE_MS);
    Optional<byte[]> state = Optional.of(account.bytes());
    assertThat(ModelAccount.open(state, limits(10, 150, 100, 10), 0).standing().input().remaining())
        .isEqualTo(50);
    assertThat(ModelAccount.open(state, limits(10, 50, 100, 10), 0).standing().input().fullInMs())
        .isEqualTo(120_000);
  }

  @Test
  void bytesOfAnotherVersionCountAsNone() {
    ModelAccount account = ModelAccount.open(Optional.empty(), limits(10, 10, 10, 10), 0);
    account.reserve(1, 10, 10, LEASE_MS);
    byte[] other = account.bytes();
    other[0] = 99;
    assertThat(ModelAccount.open(Optional.of(other), limits(10, 10, 10, 10), 0).open()).isZero();
    assertThat(ModelAccount.open(Optional.of(new byte[3]), limits(9, 9, 9, 9), 0).open()).isZero();
  }

  private static TierLimits limits(long requests, long input, long output, long concurrent) {
    return new TierLimits(
        "m",
        OptionalLong.of(requests),
        OptionalLong.of(input),
        OptionalLong.of(output),
        OptionalLong.of(concurrent));
  }
}
