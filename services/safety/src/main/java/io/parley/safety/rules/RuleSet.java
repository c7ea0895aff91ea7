package io.parley.safety.rules;

import io.parley.ports.model.Prompt;
import io.parley.safety.GateContext;
import io.parley.safety.GateDecision;
import io.parley.safety.InputGate;
import io.parley.safety.OutputGate;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** A version of the rules, ready to be matched. Immutable and thread-safe. */
public final class RuleSet {
  private static final int WARM_UP_ROUNDS = 5_000;
  private static final String HARMLESS = "The quick brown fox jumps over the lazy dog. ";

  private final String version;
  private final RuleMatcher input;
  private final RuleMatcher output;

  RuleSet(String version, List<Rule> rules) {
    this.version = version;
    this.input = RuleMatcher.of(rules, Rule.Side.INPUT);
    this.output = RuleMatcher.of(rules, Rule.Side.OUTPUT);
  }

  /** The rules that ship. */
  public static RuleSet shipped() {
    try (InputStream file = RuleSet.class.getResourceAsStream("rules.txt")) {
      return parse(new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The rules of a file; its form is described at the head of the shipped {@code rules.txt}.
   *
   * @throws IllegalArgumentException naming the line that is wrong
   */
  public static RuleSet parse(String file) {
    RuleSet rules = RuleFile.parse(file);
    rules.warmUp();
    return rules;
  }

  /** The first prompt must not be late only because nothing is compiled yet. */
  private void warmUp() {
    RuleScan prompt = input.scan();
    RuleScan answer = output.scan();
    for (int i = 0; i < WARM_UP_ROUNDS; i++) {
      prompt.read(HARMLESS);
      answer.read(HARMLESS);
    }
  }

  /** The version that the file gives itself, for logs and audits. */
  public String version() {
    return version;
  }

  /** Reads the system prompt and every turn, each by itself. */
  public InputGate inputGate() {
    return new PromptCheck();
  }

  private final class PromptCheck implements InputGate {
    @Override
    public GateDecision check(GateContext context, Prompt prompt) {
      return RuleSet.this.check(prompt);
    }

    @Override
    public Optional<Supplier<GateDecision>> brief(GateContext context, Prompt prompt) {
      return InputGate.isBrief(prompt)
          ? Optional.of(() -> check(context, prompt))
          : Optional.empty();
    }
  }

  /** Reads answers piece by piece. */
  public OutputGate outputGate() {
    return context -> new ScanCheck(output.scan());
  }

  private GateDecision check(Prompt prompt) {
    RuleScan scan = input.scan();
    scan.read(prompt.system());
    scan.endText();
    for (Prompt.Turn turn : prompt.turns()) {
      scan.read(turn.text());
      scan.endText();
      if (scan.category() != null || Thread.currentThread().isInterrupted()) {
        break;
      }
    }
    return decision(scan);
  }

  private static GateDecision decision(RuleScan scan) {
    String category = scan.category();
    return category == null ? GateDecision.ALLOW : new GateDecision.Refuse(category);
  }

  private record ScanCheck(RuleScan scan) implements OutputGate.Check {
    @Override
    public GateDecision next(String text) {
      scan.read(text);
      return decision(scan);
    }

    @Override
    public GateDecision end() {
      scan.endText();
      return decision(scan);
    }

    @Override
    public int undecidedChars() {
      return scan.undecidedChars();
    }
  }
}
