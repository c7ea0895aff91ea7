package io.parley.gateway.circuit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.ports.model.GenerationEvent;
import io.parley.ports.model.ModelDescriptor;
import io.parley.ports.model.StopReason;
import io.parley.ports.model.Usage;
import io.parley.testkit.FakeModelPool;
import io.parley.testkit.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class CircuitsTest {
  private static final Usage SOME = new Usage(1, 1);
  private static final GenerationEvent.Ended GOOD =
      new GenerationEvent.Completed(StopReason.END_TURN, null, SOME);
  private static final GenerationEvent.Ended FAULT =
      new GenerationEvent.Failed(ErrorCode.API, "broke", SOME);
  private static final ModelDescriptor MODEL = FakeModelPool.textModel("new");
  private static final ModelDescriptor OLDER = FakeModelPool.textModel("old");

  private final VirtualTime time = new VirtualTime();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private Circuits circuits = circuits(Map.of());

  private Circuits circuits(Map<String, String> fallbacks) {
    return new Circuits(new FakeModelPool(List.of(MODEL, OLDER)), fallbacks, meters, time);
  }

  @Test
  void aModelThatKeepsFailingIsTakenOutOfTrafficAndComesBack() {
    play("a", FAULT, 20);
    ParleyException refusal = refusal("a");
    assertThat(refusal.code()).isEqualTo(ErrorCode.OVERLOADED);
    assertThat(refusal.retryAfterMs()).isEqualTo(10_000);
    assertThat(state()).isEqualTo(2);
    time.advance(Duration.ofMillis(9_999));
    assertThat(refusal("b").retryAfterMs()).isEqualTo(1);
    time.advance(Duration.ofMillis(1));
    play("b", GOOD, 5);
    assertThat(state()).isZero();
    play("a", GOOD, 10);
  }

  @Test
  void anotherModelAnswersMeanwhileAndThatIsSaid() {
    circuits = circuits(Map.of("new", "old"));
    play("a", FAULT, 20);
    Passage passage = circuits.enter("a", MODEL);
    assertThat(passage.model()).isEqualTo(OLDER);
    assertThat(passage.insteadOf()).contains("new");
    passage.ended(GOOD);
    assertThat(meters.get("parley.circuit.fallbacks").tag("model", "new").counter().count())
        .isEqualTo(1);
    assertThat(circuits.enter("a", OLDER).insteadOf()).isEmpty();
  }

  @Test
  void whereTheOtherFailsTooThereIsNoThird() {
    circuits = circuits(Map.of("new", "old", "old", "new"));
    play("a", FAULT, 40);
    assertThat(refusal("a").code()).isEqualTo(ErrorCode.OVERLOADED);
  }

  @Test
  void anOrganisationWhoseRequestsFailWhereOthersDoNotIsSlowedAlone() {
    play("good", GOOD, 1);
    for (int i = 0; i < 10; i++) {
      play("bad", FAULT, 1);
    }
    ParleyException refusal = refusal("bad");
    assertThat(refusal.code()).isEqualTo(ErrorCode.RATE_LIMIT);
    assertThat(refusal.retryAfterMs()).isEqualTo(10_000);
    play("good", GOOD, 100);
    assertThat(state()).isZero();
    assertThat(meters.get("parley.circuit.organisations.slowed").gauge().value()).isEqualTo(1);
    for (int i = 0; i < 20; i++) {
      play("good", GOOD, 1);
      time.advance(Duration.ofMillis(refusal("bad").retryAfterMs()));
      play("bad", FAULT, 1);
    }
    assertThat(state()).as("trials do not count against the model").isZero();
    time.advance(Duration.ofMillis(refusal("bad").retryAfterMs()));
    play("bad", GOOD, 100);
    assertThat(meters.get("parley.circuit.organisations.slowed").gauge().value()).isZero();
  }

  @Test
  void whoEverSendsMostDoesNotOutvoteTheOthers() {
    for (int i = 0; i < 9; i++) {
      play("good", GOOD, 1);
      play("bad", FAULT, 1);
      play("worse", GOOD, 1);
    }
    assertThat(state()).isZero();
    play("good", GOOD, 100);
  }

  @Test
  void aModelThatFailsForAllIsToBlameAndNobodyIsSlowed() {
    for (int org = 0; org < 10; org++) {
      play("org" + org, GOOD, 1);
    }
    for (int round = 0; state() == 0; round++) {
      assertThat(round).isLessThan(5);
      for (int org = 0; org < 10 && state() == 0; org++) {
        play("org" + org, FAULT, 1);
      }
    }
    assertThat(refusal("org0").code()).isEqualTo(ErrorCode.OVERLOADED);
    assertThat(meters.get("parley.circuit.organisations.slowed").gauge().value()).isZero();
  }

  @Test
  void whatWasWellLongAgoSaysNothing() {
    play("good", GOOD, 1);
    time.advance(Duration.ofMinutes(1));
    play("a", FAULT, 19);
    assertThat(refusal("good").code()).isEqualTo(ErrorCode.OVERLOADED);
  }

  @Test
  void noRoomAndBadRequestsAndCancelledOnesSayNothing() {
    for (ErrorCode code : ErrorCode.values()) {
      if (code != ErrorCode.API && code != ErrorCode.TIMEOUT) {
        play("a", new GenerationEvent.Failed(code, "no", SOME), 30);
      }
    }
    play("a", new GenerationEvent.Cancelled(SOME), 30);
    for (int i = 0; i < 30; i++) {
      circuits.enter("a", MODEL).nothingLearnt();
    }
    assertThat(state()).isZero();
  }

  @Test
  void aPassageEndsOnce() {
    for (int i = 0; i < 19; i++) {
      Passage passage = circuits.enter("a", MODEL);
      passage.ended(FAULT);
      passage.ended(FAULT);
      passage.nothingLearnt();
    }
    assertThat(state()).isZero();
    play("a", FAULT, 1);
    assertThat(state()).isEqualTo(2);
  }

  private void play(String organisation, GenerationEvent.Ended end, int times) {
    for (int i = 0; i < times; i++) {
      circuits.enter(organisation, MODEL).ended(end);
    }
  }

  private double state() {
    return meters.get("parley.circuit.state").tag("model", "new").gauge().value();
  }

  private ParleyException refusal(String organisation) {
    return Objects.requireNonNull(
        catchThrowableOfType(ParleyException.class, () -> circuits.enter(organisation, MODEL)));
  }
}
