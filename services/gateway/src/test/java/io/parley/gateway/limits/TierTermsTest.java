package io.parley.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.gateway.administration.TierLimits;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TierTermsTest extends LimitsFixture {
  @Test
  void aModelsOwnLimitsComeBeforeThoseOfEveryModel() {
    TierLimits every = everyModel(of(1), NONE, NONE, NONE);
    TierLimits own = new TierLimits("m", NONE, of(2), NONE, NONE);
    tier(of(7), every, own);
    Terms terms = new TierTerms(database, time).of(principal.organisationId());
    assertThat(terms.monthlyBudgetMicros()).hasValue(7);
    assertThat(terms.of("m")).isEqualTo(own);
    assertThat(terms.of("other")).isEqualTo(every);
  }

  @Test
  void withoutLimitsThereAreNone() {
    TierTerms tiers = new TierTerms(database, time);
    assertThat(tiers.of(principal.organisationId()).of("m").isEmpty()).isTrue();
    assertThat(tiers.of("org_nobody")).isEqualTo(Terms.NONE);
  }

  @Test
  void aChangeHoldsAfterASecond() {
    TierTerms tiers = new TierTerms(database, time);
    assertThat(tiers.of(principal.organisationId()).monthlyBudgetMicros()).isEmpty();
    tier(of(7));
    time.advance(Duration.ofMillis(999));
    assertThat(tiers.of(principal.organisationId()).monthlyBudgetMicros()).isEmpty();
    time.advance(Duration.ofMillis(1));
    assertThat(tiers.of(principal.organisationId()).monthlyBudgetMicros()).hasValue(7);
  }
}
