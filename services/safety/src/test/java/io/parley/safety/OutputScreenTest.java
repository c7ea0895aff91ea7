package io.parley.safety;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutputScreenTest {
  private static final GateContext CONTEXT = new GateContext("req_1", "org_1", "model");

  private final VirtualTime time = new VirtualTime();
  private final RecordedAudit audit = new RecordedAudit();
  private final ScriptedCheck check = new ScriptedCheck();

  @Test
  void textIsReleasedWhenItIsOlderThanTheWindow() {
    OutputScreen screen = screen(2);
    assertThat(released(screen.accept("a", 1))).isEmpty();
    assertThat(released(screen.accept("b", 2))).isEmpty();
    assertThat(released(screen.accept("c", 3))).isEqualTo("a");
    assertThat(released(screen.accept("d", 4))).isEqualTo("b");
    assertThat(released(screen.finish())).isEqualTo("cd");
  }

  @Test
  void aPieceOfSeveralTokensWaitsForItsLastToken() {
    OutputScreen screen = screen(2);
    assertThat(released(screen.accept("abc", 3))).isEmpty();
    assertThat(released(screen.accept("d", 4))).isEmpty();
    assertThat(released(screen.accept("e", 5))).isEqualTo("abc");
  }

  @Test
  void withoutAWindowTextIsReleasedAtOnce() {
    assertThat(released(screen(0).accept("a", 1))).isEqualTo("a");
  }

  @Test
  void undecidedTextIsHeldBackBeyondTheWindow() {
    OutputScreen screen = screen(0);
    check.undecided = 3;
    assertThat(released(screen.accept("ab", 1))).isEmpty();
    assertThat(released(screen.accept("cd", 2))).isEqualTo("a");
    assertThat(released(screen.accept("e", 3))).isEqualTo("b");
    check.undecided = 0;
    assertThat(released(screen.accept("f", 4))).isEqualTo("cdef");
  }

  @Test
  void whatIsUndecidedDoesNotPartACharacter() {
    OutputScreen screen = screen(0);
    check.undecided = 1;
    assertThat(released(screen.accept("a\uD83D\uDE00", 1))).isEqualTo("a");
    assertThat(released(screen.finish())).isEqualTo("\uD83D\uDE00");
  }

  @Test
  void editsAreMadeInWhatIsReleased() {
    OutputScreen screen = screen(1);
    check.decision = allow(new Edit(Edit.ANSWER, 3, 7, "[X]"), new Edit(Edit.ANSWER, 8, 9, ""));
    assertThat(released(screen.accept("is secret!", 1))).isEmpty();
    check.decision = GateDecision.ALLOW;
    assertThat(released(screen.accept(" So.", 2))).isEqualTo("is [X]e!");
    assertThat(released(screen.finish())).isEqualTo(" So.");
  }

  @Test
  void anEditMayGoOnOverPieces() {
    OutputScreen screen = screen(0);
    check.undecided = 3;
    assertThat(released(screen.accept("a key", 1))).isEqualTo("a ");
    check.undecided = 0;
    check.decision = allow(new Edit(Edit.ANSWER, 2, 7, "[X]"));
    assertThat(released(screen.accept("12", 2))).isEqualTo("[X]");
    check.decision = allow(new Edit(Edit.ANSWER, 7, 9, ""));
    assertThat(released(screen.accept("34", 3))).isEmpty();
    check.decision = GateDecision.ALLOW;
    assertThat(released(screen.accept(".", 4))).isEqualTo(".");
  }

  @Test
  void anEditOfTextThatWasReleasedHalts() {
    OutputScreen screen = screen(0);
    assertThat(released(screen.accept("abc", 1))).isEqualTo("abc");
    check.decision = allow(new Edit(Edit.ANSWER, 2, 4, "[X]"));
    assertThat(screen.accept("d", 2)).isEqualTo(halted(Refusal.GATE_FAILED));
  }

  @Test
  void findingsAreSummedOverTheAnswer() {
    OutputScreen screen = screen(0);
    check.decision =
        new GateDecision.Allow(List.of(new Finding(PiiKind.EMAIL, 1, PiiAction.DETECT)), List.of());
    screen.accept("a", 1);
    screen.accept("b", 2);
    check.decision =
        new GateDecision.Refuse(
            "pii_card", List.of(new Finding(PiiKind.CARD, 1, PiiAction.REFUSE)));
    screen.finish();
    assertThat(screen.findings())
        .containsExactly(
            new Finding(PiiKind.EMAIL, 2, PiiAction.DETECT),
            new Finding(PiiKind.CARD, 1, PiiAction.REFUSE));
  }

  @Test
  void theEndReleasesEvenWhatWasUndecided() {
    OutputScreen screen = screen(0);
    check.undecided = 2;
    assertThat(released(screen.accept("ab", 1))).isEmpty();
    assertThat(released(screen.finish())).isEqualTo("ab");
  }

  @Test
  void aRefusalHaltsForGoodAndDropsWhatWasHeld() {
    OutputScreen screen = screen(2);
    screen.accept("a", 1);
    check.decision = new GateDecision.Refuse("harm");
    assertThat(screen.accept("b", 2)).isEqualTo(halted("harm"));
    check.decision = GateDecision.ALLOW;
    assertThat(screen.accept("c", 3)).isEqualTo(halted("harm"));
    assertThat(screen.finish()).isEqualTo(halted("harm"));
  }

  @Test
  void theEndIsJudgedToo() {
    OutputScreen screen = screen(2);
    screen.accept("a", 1);
    check.decision = new GateDecision.Refuse("harm");
    assertThat(screen.finish()).isEqualTo(halted("harm"));
  }

  @Test
  void aCheckThatThrowsHalts() {
    check.failure = new IllegalStateException("broken");
    assertThat(screen(2).accept("a", 1)).isEqualTo(halted(Refusal.GATE_FAILED));
  }

  @Test
  void checksThatAreOverTheirBudgetTwiceInARowHalt() {
    OutputScreen screen = screen(0);
    check.takes = Duration.ofMillis(51);
    assertThat(released(screen.accept("a", 1))).isEqualTo("a");
    assertThat(screen.accept("b", 2)).isEqualTo(halted(Refusal.GATE_LATE));
  }

  @Test
  void oneLateCheckIsAPauseOfTheMachineAndItsDecisionCounts() {
    OutputScreen screen = screen(0);
    for (int i = 1; i <= 9; i++) {
      check.takes = Duration.ofMillis(i % 2 == 0 ? 51 : 50);
      assertThat(released(screen.accept("a", i))).isEqualTo("a");
    }
    check.takes = Duration.ofMillis(51);
    check.decision = new GateDecision.Refuse("harm");
    assertThat(screen.accept("b", 10)).isEqualTo(halted("harm"));
  }

  @Test
  void aCheckThatJustUsesItsBudgetPasses() {
    check.takes = Duration.ofMillis(50);
    assertThat(released(screen(0).accept("a", 1))).isEqualTo("a");
  }

  @Test
  void aGateThatCannotOpenHaltsAtTheFirstPiece() {
    OutputGuard guard =
        new OutputGuard(
            context -> {
              throw new IllegalStateException("broken");
            },
            GateLimits.DEFAULTS,
            time,
            audit.auditor);
    assertThat(guard.open(CONTEXT).accept("a", 1)).isEqualTo(halted(Refusal.GATE_FAILED));
    assertThat(guard.open(CONTEXT).finish()).isEqualTo(halted(Refusal.GATE_FAILED));
  }

  @Test
  void theGateSeesEveryPieceOnceAndInOrder() {
    OutputScreen screen = screen(16);
    screen.accept("a", 1);
    screen.accept("b", 2);
    screen.finish();
    assertThat(check.seen).containsExactly("a", "b", "<end>");
  }

  @Test
  void whatWasDecidedIsAudited() {
    OutputScreen screen = screen(0);
    screen.accept("a", 1);
    screen.finish();
    screen.audited().join();
    OutputScreen late = screen(0);
    check.takes = Duration.ofMillis(51);
    late.accept("a", 1);
    late.accept("b", 2);
    late.audited().join();
    assertThat(audit.decisions())
        .containsExactly(
            "req_1 output model:  by rules 7", "req_1 output model: gate_late by rules 7");
    audit.broken = true;
    assertThat(screen(0).audited()).isCompletedExceptionally();
  }

  private OutputScreen screen(int lookAheadTokens) {
    return new OutputGuard(
            context -> check, new GateLimits(50, 50, lookAheadTokens), time, audit.auditor)
        .open(CONTEXT);
  }

  private static GateDecision allow(Edit... edits) {
    return new GateDecision.Allow(List.of(), List.of(edits));
  }

  private static String released(Screening screening) {
    assertThat(screening).isInstanceOf(Screening.Released.class);
    return ((Screening.Released) screening).text().text();
  }

  private static Screening halted(String category) {
    return new Screening.Halted(new Refusal(Refusal.Gate.OUTPUT, category));
  }

  private final class ScriptedCheck implements OutputGate.Check {
    private final List<String> seen = new ArrayList<>();
    private GateDecision decision = GateDecision.ALLOW;
    private @Nullable RuntimeException failure;
    private Duration takes = Duration.ZERO;
    private int undecided;

    @Override
    public GateDecision next(String text) {
      seen.add(text);
      time.advance(takes);
      if (failure != null) {
        throw failure;
      }
      return decision;
    }

    @Override
    public GateDecision end() {
      return next("<end>");
    }

    @Override
    public int undecidedChars() {
      return undecided;
    }
  }
}
