package io.parley.gateway.administration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.common.ErrorCode;
import io.parley.gateway.privacy.StoredPolicies;
import io.parley.safety.PiiAction;
import io.parley.safety.PiiKind;
import io.parley.safety.PrivacyPolicy;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PrivacySettingsTest extends AdministrationFixture {
  @Test
  void whoChoosesNothingHasTheDefault() {
    assertThat(administration.privacy().get(by)).isEqualTo(PrivacyPolicy.DEFAULT);
    assertThat(new StoredPolicies(database, time).of(by.organisationId()))
        .isEqualTo(PrivacyPolicy.DEFAULT);
  }

  @Test
  void whatIsNotNamedStays() {
    mask(PiiKind.CARD);
    PrivacyPolicy changed =
        administration
            .privacy()
            .update(
                by, Map.of(PiiKind.EMAIL, PiiAction.OFF), Map.of(PiiKind.SECRET, PiiAction.MASK));
    assertThat(changed.prompts())
        .containsEntry(PiiKind.CARD, PiiAction.MASK)
        .containsEntry(PiiKind.EMAIL, PiiAction.OFF)
        .containsEntry(PiiKind.PHONE, PiiAction.DETECT);
    assertThat(changed.answers()).containsEntry(PiiKind.SECRET, PiiAction.MASK);
    assertThat(administration.privacy().get(by)).isEqualTo(changed);
  }

  @Test
  void everyChangeIsRecorded() {
    mask(PiiKind.CARD);
    Change change = administration.changes().list(by, PageRequest.first(1)).items().getFirst();
    assertThat(change.action()).isEqualTo("organization.privacy.update");
    assertThat(change.detail()).isEqualTo("prompts card=mask; answers unchanged");
  }

  @Test
  void anotherOrganisationIsNotTouched() {
    Organisation other = administration.organisations().create(Actor.SERVER, "other", "trial");
    mask(PiiKind.CARD);
    assertThat(administration.privacy().get(new Administrator(Actor.SERVER, other.id())))
        .isEqualTo(PrivacyPolicy.DEFAULT);
    refused(
        ErrorCode.NOT_FOUND,
        "there is no organisation",
        () -> administration.privacy().get(new Administrator(Actor.SERVER, "org_none")));
  }

  @Test
  void aChangeCountsWithinASecond() {
    StoredPolicies policies = new StoredPolicies(database, time);
    policies.of(by.organisationId());
    mask(PiiKind.CARD);
    time.advance(Duration.ofMillis(999));
    assertThat(policies.of(by.organisationId())).isEqualTo(PrivacyPolicy.DEFAULT);
    time.advance(Duration.ofMillis(1));
    assertThat(policies.of(by.organisationId()).prompts())
        .containsEntry(PiiKind.CARD, PiiAction.MASK);
  }

  @Test
  void whatANewerVersionChoseIsNotGuessedAt() {
    database.write(
        handle ->
            handle.execute(
                "INSERT INTO privacy_policies VALUES (?, 'prompts', 'card', 'encrypt')",
                by.organisationId()));
    assertThatThrownBy(() -> new StoredPolicies(database, time).of(by.organisationId()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("encrypt");
  }

  private void mask(PiiKind kind) {
    administration.privacy().update(by, Map.of(kind, PiiAction.MASK), Map.of());
  }
}
