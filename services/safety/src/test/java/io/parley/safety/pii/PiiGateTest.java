package io.parley.safety.pii;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.common.TimeSource;
import io.parley.ports.model.CachePoint;
import io.parley.ports.model.Prompt;
import io.parley.safety.Auditor;
import io.parley.safety.Edit;
import io.parley.safety.Finding;
import io.parley.safety.GateContext;
import io.parley.safety.GateDecision;
import io.parley.safety.GateLimits;
import io.parley.safety.InputGate;
import io.parley.safety.OutputGuard;
import io.parley.safety.OutputScreen;
import io.parley.safety.PiiAction;
import io.parley.safety.PiiKind;
import io.parley.safety.PrivacyPolicies;
import io.parley.safety.PrivacyPolicy;
import io.parley.safety.Refusal;
import io.parley.safety.Screening;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PiiGateTest {
  private static final GateContext CONTEXT = new GateContext("req_1", "org_1", "model");
  private static final String KEY = "sk-parley-" + "a1B2c3".repeat(10);
  private static final String ANSWER =
      "Write to ada@example.com or call +49 30 1234567. The key is "
          + KEY
          + ", the card 4111 1111 1111 1111 and DE89 3704 0044 0532 0130 00.";
  private static final String MASKED =
      "Write to [EMAIL] or call [PHONE]. The key is [SECRET], the card [CARD] and [IBAN].";

  private final List<String> told = new ArrayList<>();

  @Test
  void whatIsDetectedIsCountedAndStays() {
    GateDecision decision = check(PrivacyPolicy.DEFAULT, prompt("", "a@b.com c@d.com " + KEY));
    assertThat(decision)
        .isEqualTo(
            new GateDecision.Allow(
                List.of(
                    new Finding(PiiKind.EMAIL, 2, PiiAction.DETECT),
                    new Finding(PiiKind.SECRET, 1, PiiAction.DETECT)),
                List.of()));
    assertThat(told).containsExactly("INPUT " + decision.findings());
  }

  @Test
  void aShortPromptIsReadAtOnceIfThePolicyIsAtHand() {
    PrivacyPolicy mask = prompts(PiiKind.EMAIL, PiiAction.MASK);
    PrivacyPolicies atHand =
        new PrivacyPolicies() {
          @Override
          public PrivacyPolicy of(String organisationId) {
            throw new AssertionError("must not wait");
          }

          @Override
          public Optional<PrivacyPolicy> atHand(String organisationId) {
            return Optional.of(mask);
          }
        };
    InputGate gate = new PiiGate(atHand, (where, findings) -> {}).inputGate();
    assertThat(gate.brief(CONTEXT, prompt("", "a@b.com")).orElseThrow().get())
        .isEqualTo(check(mask, prompt("", "a@b.com")));
    assertThat(gate.brief(CONTEXT, prompt("x".repeat(InputGate.BRIEF_CHARS), "a@b.com"))).isEmpty();
    InputGate waits = new PiiGate(organisation -> mask, (where, findings) -> {}).inputGate();
    assertThat(waits.brief(CONTEXT, prompt("", "a@b.com"))).isEmpty();
  }

  @Test
  void whatIsOffIsNotEvenCounted() {
    PrivacyPolicy off = prompts(PiiKind.EMAIL, PiiAction.OFF);
    assertThat(check(off, prompt("", "a@b.com"))).isEqualTo(GateDecision.ALLOW);
    assertThat(told).isEmpty();
  }

  @Test
  void systemPromptAndEveryTurnAreMasked() {
    PrivacyPolicy mask = prompts(PiiKind.EMAIL, PiiAction.MASK);
    assertThat(check(mask, prompt("I am a@b.com", "Hi", "and c@d.com.")))
        .isEqualTo(
            new GateDecision.Allow(
                List.of(new Finding(PiiKind.EMAIL, 2, PiiAction.MASK)),
                List.of(
                    new Edit(CachePoint.IN_SYSTEM, 5, 12, "[EMAIL]"),
                    new Edit(1, 4, 11, "[EMAIL]"))));
  }

  @Test
  void aNumberThatIsSplitOverTurnsIsNone() {
    PrivacyPolicy refuse = prompts(PiiKind.CARD, PiiAction.REFUSE);
    assertThat(check(refuse, prompt("", "4111 1111", " 1111 1111"))).isEqualTo(GateDecision.ALLOW);
  }

  @Test
  void aPromptIsRefusedWithTheKindAsItsCategory() {
    PrivacyPolicy refuse = prompts(PiiKind.CARD, PiiAction.REFUSE);
    assertThat(check(refuse, prompt("", "a@b.com pays by 4111 1111 1111 1111")))
        .isEqualTo(
            new GateDecision.Refuse(
                "pii_card",
                List.of(
                    new Finding(PiiKind.EMAIL, 1, PiiAction.DETECT),
                    new Finding(PiiKind.CARD, 1, PiiAction.REFUSE))));
  }

  @Test
  void withoutAPolicyTheGateThrows() {
    PiiGate gate =
        new PiiGate(
            organisation -> {
              throw new IllegalStateException("no database");
            },
            PiiListener.NONE);
    assertThatThrownBy(() -> gate.inputGate().check(CONTEXT, prompt("", "hi")))
        .isInstanceOf(IllegalStateException.class);
    OutputScreen screen = open(gate, new GateLimits(60_000, 60_000, 0));
    assertThat(screen.accept("hi", 1))
        .isEqualTo(new Screening.Halted(new Refusal(Refusal.Gate.OUTPUT, Refusal.GATE_FAILED)));
  }

  @Property(tries = 300)
  void anAnswerIsMaskedHoweverItIsCut(
      @ForAll @IntRange(min = 1, max = 40) int pieceChars,
      @ForAll @IntRange(max = 20) int lookAhead) {
    OutputScreen screen = screen(all(PiiAction.MASK), lookAhead);
    assertThat(answered(screen, ANSWER, pieceChars)).isEqualTo(MASKED);
    assertThat(screen.findings())
        .extracting(Finding::kind, Finding::count)
        .containsExactlyElementsOf(
            List.of(PiiKind.values()).stream()
                .map(kind -> org.assertj.core.groups.Tuple.tuple(kind, 1))
                .toList());
  }

  @Property(tries = 300)
  void nothingOfWhatIsRefusedIsWritten(@ForAll @IntRange(min = 1, max = 40) int pieceChars) {
    for (PiiKind kind : PiiKind.values()) {
      PrivacyPolicy refuse =
          new PrivacyPolicy(Map.of(), Map.of(PiiKind.SECRET, PiiAction.OFF))
              .with(Map.of(), Map.of(kind, PiiAction.REFUSE));
      String before = MASKED.substring(0, MASKED.indexOf(kind.mask()));
      String start = ANSWER.substring(ANSWER.indexOf(lastWord(before)) + lastWord(before).length());
      String written = answered(screen(refuse, 0), ANSWER, pieceChars);
      assertThat(ANSWER).startsWith(written);
      assertThat(ANSWER.length() - written.length()).isGreaterThanOrEqualTo(start.length());
    }
  }

  @Test
  void detectingDelaysNothing() {
    OutputScreen screen = screen(all(PiiAction.DETECT), 0);
    Screening first = screen.accept("Write to ada@exam", 1);
    assertThat(((Screening.Released) first).text().text()).isEqualTo("Write to ada@exam");
  }

  @Test
  void byDefaultAnAnswerTellsNoSecretAndEverythingElse() {
    assertThat(answered(screen(PrivacyPolicy.DEFAULT, 0), ANSWER, 7))
        .isEqualTo(ANSWER.substring(0, ANSWER.indexOf("sk-")));
  }

  /** The last words before a mask, which the answer has once. */
  private static String lastWord(String before) {
    return before.substring(before.lastIndexOf(' ', before.length() - 2));
  }

  private GateDecision check(PrivacyPolicy policy, Prompt prompt) {
    return gate(policy).inputGate().check(CONTEXT, prompt);
  }

  private PiiGate gate(PrivacyPolicy policy) {
    return new PiiGate(organisation -> policy, (gate, findings) -> told.add(gate + " " + findings));
  }

  private OutputScreen screen(PrivacyPolicy policy, int lookAheadTokens) {
    GateLimits limits = new GateLimits(60_000, 60_000, lookAheadTokens);
    return open(gate(policy), limits);
  }

  private static OutputScreen open(PiiGate gate, GateLimits limits) {
    return new OutputGuard(gate.outputGate(), limits, TimeSource.system(), Auditor.NONE)
        .open(CONTEXT);
  }

  private static String answered(OutputScreen screen, String text, int pieceChars) {
    StringBuilder written = new StringBuilder();
    int tokens = 0;
    for (int i = 0; i < text.length(); i += pieceChars) {
      String piece = text.substring(i, Math.min(text.length(), i + pieceChars));
      if (!write(written, screen.accept(piece, ++tokens))) {
        return written.toString();
      }
    }
    write(written, screen.finish());
    return written.toString();
  }

  private static boolean write(StringBuilder written, Screening screening) {
    if (screening instanceof Screening.Released(var text)) {
      written.append(text.text());
      return true;
    }
    return false;
  }

  private static PrivacyPolicy prompts(PiiKind kind, PiiAction action) {
    return new PrivacyPolicy(Map.of(kind, action), Map.of());
  }

  private static PrivacyPolicy all(PiiAction action) {
    Map<PiiKind, PiiAction> actions = new java.util.EnumMap<>(PiiKind.class);
    for (PiiKind kind : PiiKind.values()) {
      actions.put(kind, action);
    }
    return new PrivacyPolicy(Map.of(), actions);
  }

  private static Prompt prompt(String system, String... turns) {
    List<Prompt.Turn> all = new ArrayList<>();
    for (String turn : turns) {
      all.add(new Prompt.Turn(Prompt.Role.USER, turn));
    }
    return new Prompt(system, all);
  }
}
