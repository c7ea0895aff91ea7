package io.parley.gateway.administration;

import io.parley.gateway.privacy.PolicyRows;
import io.parley.safety.PiiAction;
import io.parley.safety.PiiKind;
import io.parley.safety.PrivacyPolicy;
import java.util.Map;
import java.util.stream.Collectors;

/** What organisations want done with personal data in prompts and answers. */
public final class PrivacySettings {
  private final Store store;

  PrivacySettings(Store store) {
    this.store = store;
  }

  /**
   * The policy of the administrator's organisation.
   *
   * @throws io.parley.common.ParleyException NOT_FOUND if it is not there
   */
  public PrivacyPolicy get(Administrator by) {
    return store.read(handle -> PolicyRows.read(handle, Organisations.get(handle, by).id()));
  }

  /**
   * Chooses actions for kinds; those that are not named keep theirs. Requests follow within a
   * second.
   *
   * @throws io.parley.common.ParleyException NOT_FOUND if the organisation is not there
   */
  public PrivacyPolicy update(
      Administrator by, Map<PiiKind, PiiAction> prompts, Map<PiiKind, PiiAction> answers) {
    return store.write(
        handle -> {
          String id = Organisations.get(handle, by).id();
          PolicyRows.write(handle, id, prompts, answers);
          String detail = "prompts %s; answers %s".formatted(words(prompts), words(answers));
          store.record(handle, by, "organization.privacy.update", id, detail);
          return PolicyRows.read(handle, id);
        });
  }

  private static String words(Map<PiiKind, PiiAction> actions) {
    return actions.isEmpty()
        ? "unchanged"
        : actions.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(each -> each.getKey().wireName() + "=" + each.getValue().wireName())
            .collect(Collectors.joining(","));
  }
}
