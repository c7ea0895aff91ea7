package io.parley.gateway.observation;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.parley.common.ErrorCode;
import io.parley.gateway.Principal;
import io.parley.gateway.slo.SloStatus;
import io.parley.gateway.slo.Slos;
import io.parley.ports.model.Share;
import io.parley.ports.model.Usage;
import io.parley.testkit.VirtualTime;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ServiceLevelsTest {
  private static final int MOST = 20;

  private final VirtualTime time = new VirtualTime();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Observation observation =
      new Observation(meters, time, Slos.DEFAULTS, MOST, RequestListener.NONE);

  private void request(String organisation, Outcome outcome) {
    Timeline timeline = observation.begin("req", time.nanoTime(), Optional.empty());
    timeline.sentBy(new Principal(organisation, Optional.empty(), "key", Set.of(), Share.EQUAL));
    timeline.answeredBy("m");
    AnswerLevels levels = observation.answer(timeline);
    levels.queued(1);
    levels.firstToken(Duration.ofMillis(20).toNanos());
    levels.nextToken(Duration.ofMillis(5).toNanos());
    timeline.end(outcome, new Usage(3, 2));
  }

  private Set<String> organisations() {
    return meters.getMeters().stream()
        .map(Meter::getId)
        .map(id -> id.getTag("organisation"))
        .filter(Objects::nonNull)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void tenThousandOrganisationsHaveABoundedNumberOfSeries() {
    for (int i = 0; i < 10_000; i++) {
      request("org_" + i, Outcome.ANSWERED);
      request("org_" + i, Outcome.failed(ErrorCode.OVERLOADED));
      if (i % 100 == 0) {
        observation.tick();
      }
    }
    observation.tick();
    assertThat(organisations()).hasSizeLessThanOrEqualTo(MOST + 1).contains("other");
    long series =
        meters.getMeters().stream()
            .filter(meter -> meter.getId().getTag("organisation") != null)
            .count();
    assertThat(series).isLessThanOrEqualTo((MOST + 1) * 5);
  }

  @Test
  void theBusiestOrganisationsKeepTheirNamesInACrowd() {
    for (int i = 0; i < 10_000; i++) {
      request("crowd_" + i, Outcome.ANSWERED);
      request("busy_" + i % 5, Outcome.ANSWERED);
      if (i % 500 == 0) {
        observation.tick();
      }
    }
    observation.tick();
    assertThat(observation.organisations())
        .contains("busy_0", "busy_1", "busy_2", "busy_3", "busy_4");
  }

  @Test
  void whoWasBusyLongAgoMakesRoom() {
    for (int i = 0; i < 1_000; i++) {
      request("old_" + i % MOST, Outcome.ANSWERED);
    }
    for (int epoch = 0; epoch < 3; epoch++) {
      time.advance(Duration.ofMinutes(11));
      observation.tick();
      for (int i = 0; i < 100; i++) {
        request("new_" + i % MOST, Outcome.ANSWERED);
      }
      observation.tick();
    }
    assertThat(observation.organisations()).allMatch(name -> name.startsWith("new_"));
  }

  @Test
  void aNewcomerKeepsItsFiguresWhileItsFirstAnswerIsWritten() {
    Timeline timeline = observation.begin("req", time.nanoTime(), Optional.empty());
    timeline.sentBy(new Principal("new", Optional.empty(), "key", Set.of(), Share.EQUAL));
    AnswerLevels levels = observation.answer(timeline);
    observation.tick();
    levels.firstToken(Duration.ofMillis(20).toNanos());
    assertThat(meters.get("parley.messages.ttft").tag("organisation", "new").timer().count())
        .isEqualTo(1);
  }

  @Test
  void onlyTheServersFaultsCountAgainstAvailability() {
    request("a", Outcome.ANSWERED);
    request("a", Outcome.failed(ErrorCode.INVALID_REQUEST));
    request("a", Outcome.failed(ErrorCode.RATE_LIMIT));
    request("a", Outcome.ABANDONED);
    request("a", Outcome.failed(ErrorCode.API));
    observation.tick();
    SloStatus availability =
        observation.slos().status().stream()
            .filter(status -> status.slo().kind().wireName().equals("availability"))
            .findFirst()
            .orElseThrow();
    assertThat(availability.counts().good()).isEqualTo(1);
    assertThat(availability.counts().bad()).isEqualTo(1);
  }

  @Test
  void requestsOfBatchesHaveNoPartInTheObjectives() {
    Timeline timeline = observation.beginBatched("req");
    observation.answer(timeline).firstToken(Duration.ofHours(1).toNanos());
    timeline.fail(Outcome.failed(ErrorCode.OVERLOADED), "no room");
    observation.tick();
    assertThat(observation.slos().status()).allMatch(status -> status.counts().total() == 0);
    assertThat(observation.recent().failed()).hasSize(1);
  }

  @Test
  void theSeriesOfTheLastMinutesHasWhatHappenedBetweenTwoTicks() {
    request("a", Outcome.ANSWERED);
    time.advance(LiveSeries.SLOT);
    observation.tick();
    time.advance(LiveSeries.SLOT);
    observation.tick();
    LiveSeries.Point first = observation.series().points().get(0);
    assertThat(first.well()).isEqualTo(1);
    assertThat(first.outputTokens()).isEqualTo(2);
    assertThat(first.seconds()).isEqualTo(5);
    assertThat(first.ttft().p50()).isBetween(18.0, 22.5);
    assertThat(observation.series().points().get(1).well()).isZero();
    for (int i = 0; i < 2 * LiveSeries.POINTS; i++) {
      observation.tick();
    }
    assertThat(observation.series().points()).hasSize(LiveSeries.POINTS);
  }
}
