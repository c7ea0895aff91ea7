package io.parley.server.cli;

import io.parley.common.ParleyException;
import io.parley.gateway.administration.Administrator;
import io.parley.gateway.administration.PrivacySettings;
import io.parley.safety.PiiAction;
import io.parley.safety.PiiKind;
import io.parley.safety.PrivacyPolicy;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a command line chooses for personal data; null where it chooses nothing. */
record PrivacyOptions(
    @Nullable Map<String, String> prompts, @Nullable Map<String, String> answers) {
  /** Shows the policy, changed if something is chosen. */
  PrivacyPolicy apply(PrivacySettings settings, Administrator by) {
    return prompts == null && answers == null
        ? settings.get(by)
        : settings.update(by, actions("--prompts", prompts), actions("--answers", answers));
  }

  private static Map<PiiKind, PiiAction> actions(
      String option, @Nullable Map<String, String> words) {
    Map<PiiKind, PiiAction> actions = new EnumMap<>(PiiKind.class);
    if (words != null) {
      words.forEach((kind, action) -> actions.put(kind(option, kind), action(option, action)));
    }
    return actions;
  }

  private static PiiKind kind(String option, String word) {
    return PiiKind.of(word).orElseThrow(() -> wrong(option, "kind", word, PiiKind.values()));
  }

  private static PiiAction action(String option, String word) {
    return PiiAction.of(word).orElseThrow(() -> wrong(option, "action", word, PiiAction.values()));
  }

  private static ParleyException wrong(
      String option, String what, String word, Enum<?>[] possible) {
    String names =
        Stream.of(possible)
            .map(each -> each.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    return ParleyException.invalid(
        "%s: there is no %s '%s'; it is one of %s".formatted(option, what, word, names));
  }

  /** A line for each kind. */
  static String sentence(PrivacyPolicy policy) {
    return Stream.concat(
            Stream.of(row("KIND", "PROMPTS", "ANSWERS")),
            Stream.of(PiiKind.values()).map(kind -> row(policy, kind)))
        .collect(Collectors.joining(System.lineSeparator()));
  }

  private static String row(PrivacyPolicy policy, PiiKind kind) {
    return row(
        kind.wireName(),
        String.valueOf(policy.prompts().get(kind)).toLowerCase(Locale.ROOT),
        String.valueOf(policy.answers().get(kind)).toLowerCase(Locale.ROOT));
  }

  private static String row(String kind, String prompts, String answers) {
    return "%-8s%-9s%s".formatted(kind, prompts, answers);
  }
}
