package io.parley.server;

import io.parley.common.TimeSource;
import io.parley.ports.model.Prompt;
import io.parley.safety.Auditor;
import io.parley.safety.GateContext;
import io.parley.safety.GateLimits;
import io.parley.safety.InputGate;
import io.parley.safety.InputGuard;
import io.parley.safety.OutputGate;
import io.parley.safety.OutputGuard;
import io.parley.safety.audit.AuditLog;
import io.parley.safety.pii.PiiGate;
import io.parley.safety.rules.ModelRules;
import java.util.List;
import java.util.concurrent.ExecutorService;

/** The gates before and behind every model: rules first, then personal data. */
record SafetyGates(InputGuard input, OutputGuard output) {
  private static final GateContext NOBODY = new GateContext("start", "none", "none");

  static SafetyGates open(
      ModelRules rules,
      PiiGate pii,
      GateLimits limits,
      ExecutorService threads,
      TimeSource time,
      AuditLog audit) {
    Auditor auditor = new Auditor(audit, model -> version(rules, model), time);
    InputGate input = rules.inputGate().and(pii.inputGate());
    OutputGate output = rules.outputGate().and(pii.outputGate());
    useOnce(input, output);
    return new SafetyGates(
        new InputGuard(input, limits, threads, auditor),
        new OutputGuard(output, limits, time, auditor));
  }

  private static String version(ModelRules rules, String model) {
    return "rules %s, pii %s".formatted(rules.of(model).version(), PiiGate.VERSION);
  }

  /** The first use loads classes and fills tables, which can take longer than a gate may. */
  private static void useOnce(InputGate input, OutputGate output) {
    String text = "Is anybody there?";
    input.check(NOBODY, new Prompt("", List.of(new Prompt.Turn(Prompt.Role.USER, text))));
    OutputGate.Check check = output.open(NOBODY);
    check.next(text);
    check.undecidedChars();
    check.end();
  }
}
