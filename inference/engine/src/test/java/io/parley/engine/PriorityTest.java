package io.parley.engine;

import static io.parley.engine.PriorityClass.BATCH;
import static io.parley.engine.PriorityClass.INTERACTIVE;
import static io.parley.engine.PriorityClass.STREAMING;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.EngineEvent.Completed;
import io.parley.engine.EngineEvent.Started;
import io.parley.engine.EngineEvent.Timing;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Classes, caps, places and who gives way. */
class PriorityTest {
  /** 16 blocks of 4 tokens, 16 tokens a step, 4 sequences, 50 may wait. */
  private static final EngineLimits LIMITS = new EngineLimits(32, 16, 4, 16, 4, 50);

  private final Steps steps = new Steps(LIMITS);

  @Test
  void promptsShareTheBudgetByClass() {
    steps.submit(1, 14, 2, terms("a", BATCH));
    steps.submit(2, 6, 2, terms("a", STREAMING));
    steps.submit(3, 6, 2, terms("a", INTERACTIVE));
    assertThat(steps.step()).isEqualTo(Map.of(3L, 6, 2L, 6, 1L, 4));
  }

  @Test
  void aShortPromptGoesBeforeTheRestOfALongOneOfAnotherOrganisation() {
    steps.submit(1, 30, 2, terms("a", INTERACTIVE));
    assertThat(steps.step()).isEqualTo(Map.of(1L, 16));
    steps.submit(2, 5, 2, terms("b", INTERACTIVE));
    assertThat(steps.step()).isEqualTo(Map.of(2L, 5, 1L, 11));
  }

  @Test
  void aFloodOfBatchesLeavesTheFirstInteractiveTokenWhereItWas() {
    EngineLimits limits = new EngineLimits(64, 64, 4, 32, 8, 500);
    for (int prompt : new int[] {1, 20, 24, 25, 50, 60}) {
      Steps alone = new Steps(limits);
      int stepsAlone = stepsToFirstToken(alone, prompt);
      for (int lead : new int[] {0, 1, 2, 3, 10, 40}) {
        Steps flooded = new Steps(limits);
        for (int id = 1; id <= 400; id++) {
          flooded.submit(id, 40, 20, terms("flood", BATCH));
        }
        for (int i = 0; i < lead; i++) {
          flooded.step();
        }
        // What streams already takes one token each of the budget, and that is all.
        assertThat(stepsToFirstToken(flooded, prompt))
            .as("prompt %d after %d steps", prompt, lead)
            .isBetween(
                stepsAlone,
                Math.ceilDiv(prompt, limits.maxBatchTokens() - limits.maxSequences() + 1));
      }
    }
  }

  private static int stepsToFirstToken(Steps steps, int prompt) {
    steps.submit(1000, prompt, 4, terms("person", INTERACTIVE));
    int count = 0;
    while (!steps.hasWritten(1000)) {
      steps.step();
      count++;
    }
    return count;
  }

  @Test
  void whenThePlacesAreFullTheNewestOfTheLowestClassGivesWay() {
    steps.submit(1, 4, 4, terms("a", BATCH));
    steps.submit(2, 4, 4, terms("a", BATCH));
    steps.step();
    steps.submit(3, 4, 4, terms("a", STREAMING));
    steps.submit(4, 4, 4, terms("a", STREAMING));
    steps.step();
    steps.submit(5, 4, 4, terms("b", INTERACTIVE));
    assertThat(steps.step()).containsOnlyKeys(1L, 3L, 4L, 5L);
    steps.submit(6, 4, 4, terms("b", INTERACTIVE));
    assertThat(steps.step()).containsOnlyKeys(3L, 4L, 5L, 6L);
    steps.submit(7, 4, 4, terms("b", INTERACTIVE));
    assertThat(steps.step()).containsOnlyKeys(3L, 5L, 6L, 7L);
  }

  @Test
  void nobodyGivesWayToItsOwnClassOrALowerOne() {
    for (int id = 1; id <= 4; id++) {
      steps.submit(id, 4, 8, terms("a", STREAMING));
    }
    steps.step();
    steps.submit(5, 4, 4, terms("b", STREAMING));
    steps.submit(6, 4, 4, terms("c", BATCH));
    assertThat(steps.step()).containsOnlyKeys(1L, 2L, 3L, 4L);
  }

  @Test
  void nobodyGivesWayForNothing() {
    steps.submit(1, 20, 12, terms("a", INTERACTIVE)); // 8 of 16 blocks
    steps.submit(2, 14, 2, terms("a", INTERACTIVE)); // 4
    steps.submit(3, 10, 2, terms("a", BATCH)); // 3
    steps.step();
    steps.submit(4, 20, 12, terms("b", INTERACTIVE)); // 8: would not fit even without the batch
    steps.step();
    assertThat(steps.scheduler.gauges().running()).isEqualTo(3);
  }

  @Test
  void whoGaveWayGoesOnWhereItWasAndStartsOnlyOnce() {
    steps.now = 10;
    steps.submit(1, 6, 6, terms("a", BATCH));
    for (int id = 2; id <= 4; id++) {
      steps.submit(id, 1, 2, terms("b", INTERACTIVE));
    }
    steps.now = 11;
    steps.step();
    for (int id = 5; id <= 8; id++) {
      steps.submit(id, 2, 2, terms("b", INTERACTIVE));
    }
    steps.step(); // 1 goes for 5
    assertThat(steps.scheduler.gauges().waiting()).isEqualTo(4);
    steps.step(); // 2, 3 and 4 have ended; 6, 7 and 8 come before 1
    assertThat(steps.scheduler.gauges().waiting()).isEqualTo(1);
    steps.now = 99;
    assertThat(steps.step()).as("its prompt and its token").containsEntry(1L, 7);
    steps.untilIdle();
    assertThat(steps.events.stream().filter(event -> event.sequenceId() == 1))
        .hasSize(1 + 6 + 1)
        .startsWith(new Started(1, 6, 0, 1))
        .endsWith(new Completed(1, FinishReason.MAX_TOKENS, null, 6, 6, new Timing(1, 1, 89)));
  }

  @Test
  void whileItComputesAgainItDoesNotTakeTheBudgetFromStreams() {
    EngineLimits limits = new EngineLimits(32, 16, 4, 6, 2, 50);
    Steps narrow = new Steps(limits);
    narrow.submit(1, 12, 12, terms("a", BATCH));
    for (int i = 0; i < 5; i++) {
      narrow.step();
    }
    narrow.submit(2, 1, 12, terms("b", INTERACTIVE));
    narrow.submit(3, 1, 2, terms("b", INTERACTIVE)); // 1 gives way
    narrow.step();
    narrow.step();
    assertThat(narrow.step()).isEqualTo(Map.of(1L, 5, 2L, 1));
    assertThat(narrow.step()).isEqualTo(Map.of(1L, 5, 2L, 1));
  }

  @Test
  void nobodyGivesWayForEver() {
    EngineLimits one = new EngineLimits(32, 8, 4, 32, 1, 50);
    Steps narrow = new Steps(one);
    narrow.submit(1, 8, 8, terms("a", BATCH));
    long id = 1;
    int timesGivenWay = 0;
    while (!narrow.ended().contains(1L)) {
      narrow.step();
      if (narrow.scheduler.gauges().waiting() == 0) {
        narrow.submit(++id, 1, 1, terms("b", INTERACTIVE));
        timesGivenWay += narrow.step().containsKey(id) ? 1 : 0;
      }
    }
    assertThat(timesGivenWay).isEqualTo(Preemption.MAX_PREEMPTIONS);
  }

  @Test
  void anOrganisationRunsNoMoreThanItsCapAndKeepsNobodyElseWaiting() {
    for (int id = 1; id <= 4; id++) {
      steps.submit(id, 2, 3, capped("a", 2, INTERACTIVE));
    }
    steps.submit(5, 2, 3, terms("b", INTERACTIVE));
    steps.submit(6, 2, 3, terms("b", BATCH));
    assertThat(steps.step()).containsOnlyKeys(1L, 2L, 5L, 6L);
    steps.step();
    steps.step();
    assertThat(steps.step()).containsOnlyKeys(3L, 4L);
  }

  @Test
  void anOrganisationAtItsCapMakesRoomForItsOwnMoreUrgentRequest() {
    steps.submit(1, 2, 9, capped("a", 2, BATCH));
    steps.submit(2, 2, 9, capped("a", 2, BATCH));
    steps.submit(3, 2, 9, capped("b", 2, BATCH));
    steps.step();
    steps.submit(4, 2, 9, capped("a", 2, INTERACTIVE));
    assertThat(steps.step()).containsOnlyKeys(1L, 3L, 4L);
    steps.submit(5, 2, 9, capped("a", 1, INTERACTIVE));
    assertThat(steps.step()).as("its cap is full of its equals").containsOnlyKeys(1L, 3L, 4L);
  }

  @Test
  void aLargeRequestIsNotOvertakenByItsClassOrALowerOneWhileItWaitsForMemory() {
    steps.submit(1, 20, 6, terms("a", INTERACTIVE)); // 7 of 16 blocks
    steps.submit(2, 20, 6, terms("a", INTERACTIVE)); // 7
    steps.step();
    steps.submit(3, 20, 12, terms("b", STREAMING)); // 8
    steps.step();
    steps.submit(4, 1, 1, terms("c", STREAMING));
    steps.submit(5, 1, 1, terms("c", BATCH));
    steps.step();
    assertThat(steps.scheduler.gauges().waiting()).isEqualTo(3);
    steps.submit(6, 1, 1, terms("c", INTERACTIVE));
    steps.step();
    assertThat(steps.ended()).as("a more urgent one may").containsExactly(6L);
    steps.untilIdle();
    assertThat(steps.ended()).hasSize(6);
  }

  @Test
  void countersAreForgottenWhenNobodyIsThere() {
    steps.submit(1, 20, 6, terms("a", INTERACTIVE));
    steps.untilIdle();
    for (int id = 2; id <= 5; id++) {
      steps.submit(id, 2, 2, terms("a", INTERACTIVE));
    }
    steps.submit(6, 2, 2, terms("b", INTERACTIVE));
    assertThat(steps.step()).containsOnlyKeys(2L, 6L, 3L, 4L);
  }

  private static SchedulingTerms terms(String organisation, PriorityClass priority) {
    return Steps.terms(organisation, priority);
  }

  private static SchedulingTerms capped(String organisation, int cap, PriorityClass priority) {
    return new SchedulingTerms(organisation, 1, cap, priority, SchedulingTerms.NO_TIME_LIMIT);
  }
}
