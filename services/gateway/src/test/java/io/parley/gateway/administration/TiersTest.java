package io.parley.gateway.administration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.parley.common.ErrorCode;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class TiersTest extends AdministrationFixture {
  private static final OptionalLong NONE = OptionalLong.empty();

  @Test
  void shipsWithTiersForEverybody() {
    assertThat(administration.tiers().list())
        .extracting(Tier::id)
        .containsExactly("priority", "standard", "trial", "unlimited");
    Tier unlimited = administration.tiers().get(Tier.UNLIMITED);
    assertThat(unlimited).isEqualTo(new Tier(Tier.UNLIMITED, 1_000, NONE, NONE, List.of()));
    Tier trial = administration.tiers().get("trial");
    assertThat(trial.weightMilli()).isEqualTo(250);
    assertThat(trial.maxRunning()).hasValue(2);
    assertThat(trial.limits())
        .containsExactly(
            new TierLimits(
                TierLimits.EVERY_MODEL,
                OptionalLong.of(20),
                OptionalLong.of(20_000),
                OptionalLong.of(4_000),
                OptionalLong.of(4)));
  }

  @Test
  void keepsWhatItIsGivenInThePlaceOfWhatItHad() {
    Tier gold =
        new Tier(
            "gold",
            1_500,
            OptionalLong.of(9),
            OptionalLong.of(1_000_000),
            List.of(
                new TierLimits("*", OptionalLong.of(1), NONE, NONE, NONE),
                new TierLimits("parley-base", NONE, NONE, NONE, OptionalLong.of(2))));
    administration.tiers().put(Actor.shell("op"), gold);
    assertThat(administration.tiers().get("gold")).isEqualTo(gold);
    Tier poorer = new Tier("gold", 10, NONE, NONE, List.of());
    administration.tiers().put(Actor.shell("op"), poorer);
    assertThat(administration.tiers().get("gold")).isEqualTo(poorer);
    assertThat(administration.changes().ofTheServer(10))
        .extracting(Change::action, Change::subjectId, Change::actor)
        .containsOnly(tuple("tier.put", "gold", Actor.shell("op")))
        .hasSize(2);
    assertThat(administration.changes().list(by, PageRequest.first(99)).items())
        .as("it belongs to no organisation")
        .noneMatch(change -> change.action().equals("tier.put"));
  }

  @Test
  void refusesWhatNoTierCanBe() {
    refused(ErrorCode.INVALID_REQUEST, "weight: ", () -> new Tier("t", 0, NONE, NONE, List.of()));
    refused(
        ErrorCode.INVALID_REQUEST,
        "max_running: ",
        () -> new Tier("t", 1, OptionalLong.of(0), NONE, List.of()));
    refused(ErrorCode.INVALID_REQUEST, "tier: ", () -> new Tier("T!", 1, NONE, NONE, List.of()));
    refused(ErrorCode.NOT_FOUND, "there is no tier", () -> administration.tiers().get("t"));
  }
}
