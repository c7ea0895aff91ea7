package io.parley.gateway.observation;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.parley.common.ErrorCode;
import io.parley.ports.model.ServiceClass;
import io.parley.ports.model.Usage;
import io.parley.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimelineTest {
  private final VirtualTime time = new VirtualTime();
  private final List<Timeline> ended = new ArrayList<>();
  private final Timeline timeline = timeline("req_1");

  private Timeline timeline(String id) {
    return new Timeline(
        id, time.nanoTime(), ServiceClass.INTERACTIVE, Optional.empty(), time, ended::add);
  }

  @Test
  void stagesFollowEachOtherWithoutGaps() {
    time.advance(Duration.ofMillis(1));
    timeline.passed(Stage.DISPATCH);
    time.advance(Duration.ofMillis(2));
    timeline.passed(Stage.AUTHENTICATE);
    time.advance(Duration.ofMillis(3));
    timeline.passed(Stage.CLAIM); // it had no body to read
    assertThat(timeline.stages())
        .containsExactly(
            new Timeline.Passed(Stage.DISPATCH, 0, 1_000_000),
            new Timeline.Passed(Stage.AUTHENTICATE, 1_000_000, 3_000_000),
            new Timeline.Passed(Stage.CLAIM, 3_000_000, 6_000_000));
  }

  @Test
  void aStageThatEndedBeforeAnotherBeganTakesNoTime() {
    timeline.passed(Stage.TOKENIZE, 5_000);
    timeline.passed(Stage.QUEUE, 4_000);
    assertThat(timeline.stages().getLast())
        .isEqualTo(new Timeline.Passed(Stage.QUEUE, 5_000, 5_000));
  }

  @Test
  void itEndsOnce() {
    time.advance(Duration.ofSeconds(1));
    timeline.end(Outcome.ANSWERED, new Usage(1, 2));
    time.advance(Duration.ofSeconds(1));
    timeline.fail(Outcome.failed(ErrorCode.API), "late");
    assertThat(ended).containsExactly(timeline);
    assertThat(timeline.outcome()).isEqualTo(Outcome.ANSWERED);
    assertThat(timeline.totalNanos()).isEqualTo(1_000_000_000);
    assertThat(timeline.receivedAt()).isEqualTo(time.now().minusSeconds(2));
  }

  @Test
  void failedAndSlowRequestsAreKnownLongerThanOthers() {
    RecentRequests recent = new RecentRequests(Duration.ofSeconds(1).toNanos());
    Timeline failed = timeline("req_failed");
    failed.fail(Outcome.failed(ErrorCode.API), "broken");
    recent.ended(failed);
    Timeline slow = timeline("req_slow");
    slow.passed(Stage.PREFILL, Duration.ofSeconds(2).toNanos());
    slow.end(Outcome.ANSWERED, new Usage(1, 1));
    recent.ended(slow);
    for (int i = 0; i < 10 * RecentRequests.LATEST; i++) {
      Timeline usual = timeline("req_" + i);
      usual.end(Outcome.ANSWERED, new Usage(1, 1));
      recent.ended(usual);
    }
    assertThat(recent.find("req_failed")).containsSame(failed);
    assertThat(recent.find("req_slow")).containsSame(slow);
    assertThat(recent.find("req_1")).isEmpty();
    assertThat(recent.latest(1_000_000)).hasSize(RecentRequests.LATEST);
  }

  @Test
  void whoWaitsAndWhoRunsIsKnownByClassAndOrganisation() {
    Occupancy occupancy = new Occupancy(new SimpleMeterRegistry());
    Occupancy.Seat first = occupancy.enter("a", ServiceClass.INTERACTIVE);
    Occupancy.Seat second = occupancy.enter("a", ServiceClass.INTERACTIVE);
    Occupancy.Seat batch = occupancy.enter("b", ServiceClass.BATCH);
    first.started();
    assertThat(occupancy.byClass())
        .containsExactly(
            new Occupancy.Load("interactive", 1, 1), new Occupancy.Load("batch", 1, 0));
    assertThat(occupancy.byOrganisation(1)).containsExactly(new Occupancy.Load("a", 1, 1));
    first.left();
    first.left();
    second.left();
    batch.left();
    batch.started();
    assertThat(occupancy.byOrganisation(10)).isEmpty();
    assertThat(occupancy.byClass()).allMatch(load -> load.waiting() == 0 && load.running() == 0);
  }

  @Test
  void aTraceParentIsRead() {
    assertThat(TraceParent.parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"))
        .contains(new TraceParent("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
      })
  void whatIsNoTraceParentIsNone(String header) {
    assertThat(TraceParent.parse(header)).isEmpty();
  }
}
