package io.parley.concurrent.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.concurrent.VirtualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rule against a server in virtual time: so many workers, the rest waits. */
class VegasRuleTest {
  private static final long SERVICE_NANOS = 10_000_000;

  @ParameterizedTest
  @ValueSource(ints = {4, 20, 100})
  void findsHowManyCallsTheServerWorksOn(int workers) {
    Server server = new Server(workers, 1);
    server.play(20_000);
    // From three to six wait there, measured with some error.
    assertThat(server.usualLimit()).isBetween(workers * 9 / 10, workers + 12);
  }

  @Test
  void followsAServerThatLosesHalfOfItsWorkers() {
    Server server = new Server(40, 2);
    server.play(20_000);
    server.workers = 20;
    server.play(20_000);
    assertThat(server.usualLimit()).isBetween(18, 32);
  }

  @Test
  void doesNotGrowWhenNobodyNeedsIt() {
    Server server = new Server(1_000, 3);
    server.demand = 5;
    server.play(5_000);
    assertThat(server.usualLimit()).isLessThanOrEqualTo(20);
  }

  @Test
  void refusalsCutIt() {
    VegasRule rule = new VegasRule(1, 100);
    int limit = 100;
    for (int i = 0; i < 300; i++) {
      limit = rule.next(limit, new LimitRule.Sample(LimitRule.Outcome.OVERLOADED, 5, limit));
    }
    assertThat(limit).isLessThan(40);
    for (int i = 0; i < 3_000; i++) {
      limit = rule.next(limit, new LimitRule.Sample(LimitRule.Outcome.OVERLOADED, 5, limit));
    }
    assertThat(limit).isOne();
  }

  /** Clients that always have another call; calls beyond the workers wait in line. */
  private static final class Server {
    final VirtualClock clock = new VirtualClock();
    final ConcurrencyLimit limit = new ConcurrencyLimit(10, new VegasRule(1, 500), clock);
    final Random random;
    final PriorityQueue<Call> underWay = new PriorityQueue<>();
    final List<Long> freeAt = new ArrayList<>();
    final List<Integer> limits = new ArrayList<>();
    int workers;
    int demand = Integer.MAX_VALUE;

    private record Call(long endsAt, ConcurrencyLimit.Permit permit) implements Comparable<Call> {
      @Override
      public int compareTo(Call other) {
        return Long.compare(endsAt, other.endsAt);
      }
    }

    Server(int workers, long seed) {
      this.workers = workers;
      this.random = new Random(seed);
    }

    void play(int calls) {
      for (int i = 0; i < calls; i++) {
        admit();
        Call next = underWay.remove();
        clock.advance(Math.max(0, next.endsAt - clock.getAsLong()));
        next.permit.succeeded();
        limits.add(limit.limit());
      }
    }

    /** The median over the last calls: while the rule probes, the limit is halved. */
    int usualLimit() {
      return limits.subList(limits.size() - 3_000, limits.size()).stream()
          .sorted()
          .toList()
          .get(1_500);
    }

    private void admit() {
      while (underWay.size() < demand) {
        ConcurrencyLimit.Permit permit = limit.tryAcquire();
        if (permit == null) {
          return;
        }
        underWay.add(new Call(endOfNext(), permit));
      }
    }

    private long endOfNext() {
      long now = clock.getAsLong();
      freeAt.removeIf(time -> time <= now);
      freeAt.sort(null);
      int ahead = freeAt.size() - workers;
      long start = ahead < 0 ? now : freeAt.get(ahead);
      long end = start + SERVICE_NANOS * (90 + random.nextInt(21)) / 100;
      freeAt.add(end);
      return end;
    }
  }
}
