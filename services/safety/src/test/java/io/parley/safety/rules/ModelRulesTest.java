package io.parley.safety.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.ports.model.Prompt;
import io.parley.safety.GateContext;
import io.parley.safety.GateDecision;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelRulesTest {
  private static final GateDecision REFUSED = new GateDecision.Refuse("own");

  private final ModelRules rules =
      new ModelRules(RuleSet.parse("version 1"), Map.of("strict", strict()));

  private static RuleSet strict() {
    return RuleSet.parse("version 2\ncategory own\nscreens input output\nnear 1\nany teapot\n");
  }

  @Test
  void aModelIsReadByTheRulesThatArePinnedToIt() {
    assertThat(rules.of("strict").version()).isEqualTo("2");
    assertThat(ask("strict")).isEqualTo(REFUSED);
    assertThat(answer("strict")).isEqualTo(REFUSED);
  }

  @Test
  void everyOtherModelIsReadByTheOthers() {
    assertThat(rules.of("other").version()).isEqualTo("1");
    assertThat(ask("other")).isEqualTo(GateDecision.ALLOW);
    assertThat(answer("other")).isEqualTo(GateDecision.ALLOW);
  }

  private GateDecision ask(String model) {
    Prompt prompt = new Prompt("", List.of(new Prompt.Turn(Prompt.Role.USER, "a teapot")));
    GateDecision decision = rules.inputGate().check(context(model), prompt);
    assertThat(rules.inputGate().brief(context(model), prompt).orElseThrow().get())
        .isEqualTo(decision);
    return decision;
  }

  private GateDecision answer(String model) {
    return rules.outputGate().open(context(model)).next("a teapot ");
  }

  private static GateContext context(String model) {
    return new GateContext("req_1", "org_1", model);
  }
}
