package io.parley.safety;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What an organisation wants done with personal data. Immutable.
 *
 * @param prompts what is done before the model reads; has every kind
 * @param answers what is done before the client reads; has every kind
 */
public record PrivacyPolicy(Map<PiiKind, PiiAction> prompts, Map<PiiKind, PiiAction> answers) {
  /** Everything is counted, and no answer tells a secret. */
  public static final PrivacyPolicy DEFAULT =
      new PrivacyPolicy(Map.of(), Map.of(PiiKind.SECRET, PiiAction.REFUSE));

  /** Kinds that are not named are detected. */
  public PrivacyPolicy {
    prompts = complete(prompts);
    answers = complete(answers);
  }

  /** This policy with other actions for the kinds that are named. */
  public PrivacyPolicy with(
      Map<PiiKind, PiiAction> newPrompts, Map<PiiKind, PiiAction> newAnswers) {
    return new PrivacyPolicy(merged(prompts, newPrompts), merged(answers, newAnswers));
  }

  private static Map<PiiKind, PiiAction> complete(Map<PiiKind, PiiAction> some) {
    Map<PiiKind, PiiAction> all = new EnumMap<>(PiiKind.class);
    for (PiiKind kind : PiiKind.values()) {
      all.put(kind, some.getOrDefault(kind, PiiAction.DETECT));
    }
    return Collections.unmodifiableMap(all);
  }

  private static Map<PiiKind, PiiAction> merged(
      Map<PiiKind, PiiAction> old, Map<PiiKind, PiiAction> changes) {
    Map<PiiKind, PiiAction> all = new EnumMap<>(old);
    all.putAll(changes);
    return all;
  }
}
