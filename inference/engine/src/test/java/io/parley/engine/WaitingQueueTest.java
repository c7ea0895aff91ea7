package io.parley.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.sampling.SamplingParameters;
import io.parley.engine.speculation.GuessSources;
import io.parley.engine.speculation.Speculation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WaitingQueueTest {
  private final FairShares shares = new FairShares(new TokenCost(1, 2, Double.POSITIVE_INFINITY));
  private final WaitingQueue queue = new WaitingQueue(shares);
  private long lastId;

  @AfterEach
  void check() {
    queue.check();
    shares.check();
  }

  @Test
  void theMostUrgentClassGoesFirst() {
    Sequence batch = add("a", 1, PriorityClass.BATCH, 10);
    Sequence streaming = add("a", 1, PriorityClass.STREAMING, 10);
    Sequence interactive = add("b", 1, PriorityClass.INTERACTIVE, 10);
    assertThat(drain()).containsExactly(interactive, streaming, batch);
  }

  @Test
  void equalOrganisationsTakeTurns() {
    Sequence a1 = add("a", 1, 10);
    Sequence a2 = add("a", 1, 10);
    Sequence a3 = add("a", 1, 10);
    Sequence b1 = add("b", 1, 10);
    Sequence b2 = add("b", 1, 10);
    assertThat(drain()).containsExactly(a1, b1, a2, b2, a3);
  }

  @Test
  void whoAsksForMoreComesLessOften() {
    add("long", 1, 30);
    add("long", 1, 30);
    for (int i = 0; i < 6; i++) {
      add("short", 1, 10);
    }
    assertThat(organisations())
        .containsExactly("long", "short", "short", "short", "long", "short", "short", "short");
  }

  @Test
  void twiceTheWeightIsTwiceTheShare() {
    for (int i = 0; i < 6; i++) {
      add("one", 1, 10);
      add("two", 2, 10);
    }
    assertThat(organisations().subList(0, 9)).filteredOn("two"::equals).hasSize(6);
  }

  @Test
  void generatedTokensCountToo() {
    Sequence a = add("a", 1, 10);
    add("a", 1, 10);
    add("b", 1, 14);
    add("b", 1, 10);
    take();
    a.computed(10);
    for (int i = 0; i < 3; i++) {
      a.append(1, 0);
      shares.computed(a, 1);
      a.computed(1);
    }
    // a: 10 + 3 × 2, b: 14
    assertThat(organisations()).containsExactly("b", "b", "a");
  }

  @Test
  void aNewcomerGetsNoCreditForTheTimeBefore() {
    for (int i = 0; i < 10; i++) {
      add("old", 1, 10);
    }
    for (int i = 0; i < 5; i++) {
      take();
    }
    for (int i = 0; i < 5; i++) {
      add("new", 1, 10);
    }
    List<String> order = organisations();
    assertThat(order.subList(0, 4)).filteredOn("new"::equals).hasSizeBetween(2, 3);
  }

  @Test
  void whoMayNotRunIsPassedOver() {
    add("a", 1, 10);
    Sequence b = add("b", 1, 10);
    Sequence lower = add("c", 1, PriorityClass.BATCH, 10);
    assertThat(queue.next(head -> !head.organisation().equals("a"))).isEqualTo(b);
    assertThat(queue.next(head -> head.organisation().equals("c"))).isEqualTo(lower);
    assertThat(queue.next(_ -> false)).isNull();
  }

  @Test
  void whoGoesBackToTheFrontIsTheNextOfItsOrganisation() {
    Sequence first = add("a", 1, 10);
    Sequence second = add("a", 1, 10);
    take();
    shares.left(first);
    queue.addFirst(first);
    assertThat(drain()).containsExactly(first, second);
  }

  @Test
  void aPromptThatWasNotComputedIsGivenBackAndWhatWasIsNot() {
    Sequence sequence = add("a", 1, 10);
    take();
    shares.computed(sequence, 4);
    sequence.computed(4);
    shares.left(sequence);
    assertThat(shares.counters(PriorityClass.INTERACTIVE).of("a")).isEqualTo(4);
    sequence.leaveBlocks();
    sequence.preempt();
    shares.admitted(sequence);
    assertThat(shares.counters(PriorityClass.INTERACTIVE).of("a")).isEqualTo(10);
    shares.computed(sequence, 10);
    assertThat(shares.counters(PriorityClass.INTERACTIVE).of("a")).isEqualTo(10);
  }

  @Test
  void removesFromTheMiddleAndForgetsWhoIsGone() {
    Sequence first = add("a", 1, 10);
    Sequence second = add("a", 1, 10);
    assertThat(queue.remove(second)).isTrue();
    assertThat(queue.remove(second)).isFalse();
    assertThat(queue.remove(first)).isTrue();
    assertThat(queue.size()).isZero();
    assertThat(queue.holds("a")).isFalse();
  }

  private Sequence add(String organisation, double weight, int promptTokens) {
    return add(organisation, weight, PriorityClass.INTERACTIVE, promptTokens);
  }

  private Sequence add(
      String organisation, double weight, PriorityClass priority, int promptTokens) {
    SchedulingTerms terms =
        new SchedulingTerms(
            organisation, weight, Integer.MAX_VALUE, priority, SchedulingTerms.NO_TIME_LIMIT);
    SequenceRequest request =
        new SequenceRequest(new int[promptTokens], 10, SamplingParameters.GREEDY, List.of(), terms);
    Sequence sequence = new Sequence(++lastId, request, GuessSources.of(Speculation.OFF), 0);
    queue.add(sequence);
    return sequence;
  }

  private Sequence take() {
    Sequence next = queue.next(_ -> true);
    if (next == null) {
      throw new AssertionError("nobody waits");
    }
    queue.remove(next);
    shares.admitted(next);
    return next;
  }

  private List<Sequence> drain() {
    List<Sequence> order = new ArrayList<>();
    while (queue.size() > 0) {
      order.add(take());
    }
    return order;
  }

  private List<String> organisations() {
    return drain().stream().map(Sequence::organisation).toList();
  }
}
