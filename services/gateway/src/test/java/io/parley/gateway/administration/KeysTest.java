package io.parley.gateway.administration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.gateway.Scope;
import io.parley.gateway.identity.KeyKind;
import io.parley.gateway.identity.Secrets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeysTest extends AdministrationFixture {
  private NewApiKey create(String name) {
    return administration.apiKeys().create(by, KeySpec.of(KeyKind.API, name));
  }

  private List<String> names(KeyFilter filter, PageRequest page) {
    return administration.apiKeys().list(by, KeyKind.API, filter, page).items().stream()
        .map(ApiKey::name)
        .toList();
  }

  @Test
  void theFirstStartMakesOneKeyOfAnOrganisationWithoutLimits() {
    assertThat(administration.bootstrap(key -> {})).isEmpty();
    assertThat(administration.organisations().get(by).tierId()).isEqualTo(Tier.UNLIMITED);
    assertThat(names(KeyFilter.ALL, PageRequest.first(9))).containsExactly("first key");
  }

  @Test
  void theFirstKeyIsMadeAgainIfItCouldNotBeDelivered() {
    reopen("other.db");
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                administration.bootstrap(
                    key -> {
                      throw new IllegalStateException("the disk is full");
                    }));
    assertThat(administration.bootstrap(key -> {})).isPresent();
  }

  @Test
  void noTwoSecretsAreAlikeAndNoneIsInTheDatabaseOrInText() {
    List<NewApiKey> made = IntStream.range(0, 50).mapToObj(i -> create("k" + i)).toList();
    assertThat(made).extracting(NewApiKey::secret).doesNotHaveDuplicates();
    String everything = dump().toString();
    for (NewApiKey key : made) {
      assertThat(everything).doesNotContain(key.secret()).contains(Secrets.hash(key.secret()));
      assertThat(key.toString()).doesNotContain(key.secret());
    }
  }

  @Test
  void aPageIsCutByLimitAndByIdInBothDirections() {
    List<String> ids = IntStream.range(0, 5).mapToObj(i -> create("k" + i).key().id()).toList();
    PageRequest two = PageRequest.first(2);
    assertThat(names(KeyFilter.ALL, two)).containsExactly("k4", "k3");
    assertThat(names(KeyFilter.ALL, two.after(ids.get(3)))).containsExactly("k2", "k1");
    PageRequest before = new PageRequest(2, Optional.empty(), Optional.of(ids.get(0)));
    assertThat(names(KeyFilter.ALL, before)).containsExactly("k2", "k1");
    Page<ApiKey> last =
        administration.apiKeys().list(by, KeyKind.API, KeyFilter.ALL, PageRequest.first(6));
    assertThat(last.more()).isFalse();
    assertThat(
            administration
                .apiKeys()
                .list(by, KeyKind.API, KeyFilter.ALL, PageRequest.first(5))
                .more())
        .isTrue();
  }

  @Test
  void listsByStatusOfWhichTimeMakesOne() {
    NewApiKey brief =
        administration
            .apiKeys()
            .create(
                by,
                new KeySpec(
                    KeyKind.API,
                    "brief",
                    Optional.empty(),
                    Set.of(Scope.MESSAGES),
                    Optional.of(time.now().plusSeconds(60))));
    update(create("idle").key().id(), KeyStatus.INACTIVE);
    assertThat(byStatus(KeyStatus.ACTIVE)).containsExactly("brief", "first key");
    time.advance(Duration.ofMinutes(1));
    assertThat(byStatus(KeyStatus.EXPIRED)).containsExactly("brief");
    assertThat(byStatus(KeyStatus.ACTIVE)).containsExactly("first key");
    assertThat(byStatus(KeyStatus.INACTIVE)).containsExactly("idle");
    assertThat(administration.apiKeys().get(by, KeyKind.API, brief.key().id()).status())
        .isEqualTo(KeyStatus.EXPIRED);
  }

  private List<String> byStatus(KeyStatus status) {
    return names(
        new KeyFilter(Optional.of(status), Optional.empty(), Optional.empty()),
        PageRequest.first(100));
  }

  private ApiKey update(String id, KeyStatus status) {
    return administration
        .apiKeys()
        .update(by, KeyKind.API, id, Optional.empty(), Optional.of(status));
  }

  @Test
  void anArchivedKeyStaysArchived() {
    String id = create("k").key().id();
    update(id, KeyStatus.ARCHIVED);
    assertThat(update(id, KeyStatus.ARCHIVED).status()).isEqualTo(KeyStatus.ARCHIVED);
    refused(ErrorCode.CONFLICT, "stays archived", () -> update(id, KeyStatus.ACTIVE));
    refused(ErrorCode.INVALID_REQUEST, "status: ", () -> update(id, KeyStatus.EXPIRED));
  }

  @Test
  void keysOfOneKindAreAbsentFromTheOther() {
    NewApiKey admin = administration.apiKeys().create(by, KeySpec.of(KeyKind.ADMIN, "boss"));
    assertThat(admin.secret()).startsWith("sk-parley-admin-");
    assertThat(names(KeyFilter.ALL, PageRequest.first(9))).doesNotContain("boss");
    refused(
        ErrorCode.NOT_FOUND, "api_key_id: ", () -> update(admin.key().id(), KeyStatus.ARCHIVED));
  }

  @Test
  void aKeyIsRefusedThatCannotBeOfUse() {
    refused(
        ErrorCode.INVALID_REQUEST,
        "expires_at: must be in the future",
        () ->
            administration
                .apiKeys()
                .create(
                    by,
                    new KeySpec(
                        KeyKind.API,
                        "late",
                        Optional.empty(),
                        Set.of(Scope.MODELS),
                        Optional.of(time.now()))));
    refused(
        ErrorCode.INVALID_REQUEST,
        "scopes: must be at least one of messages, models",
        () ->
            new KeySpec(
                KeyKind.API, "k", Optional.empty(), Set.of(Scope.ADMIN_READ), Optional.empty()));
    refused(
        ErrorCode.INVALID_REQUEST,
        "workspace_id: ",
        () ->
            new KeySpec(
                KeyKind.ADMIN, "k", Optional.of("w"), Set.of(Scope.ADMIN_READ), Optional.empty()));
    refused(ErrorCode.INVALID_REQUEST, "name: ", () -> KeySpec.of(KeyKind.API, " "));
    refused(ErrorCode.INVALID_REQUEST, "name: ", () -> KeySpec.of(KeyKind.API, "a\u001b[31mb"));
    refused(ErrorCode.INVALID_REQUEST, "name: ", () -> KeySpec.of(KeyKind.API, "k".repeat(501)));
    refused(
        ErrorCode.NOT_FOUND,
        "there is no organisation 'org_none'",
        () ->
            administration
                .apiKeys()
                .create(new Administrator(Actor.SERVER, "org_none"), KeySpec.of(KeyKind.API, "k")));
  }

  @Test
  void thereAreAsManyKeysAsTheLimitSaysAndArchivedOnesDoNotCount() {
    limits = new AdministrationLimits(2, 1, 1, 1, Duration.ofDays(1));
    reopen("test.db");
    String second = create("second").key().id();
    refused(ErrorCode.CONFLICT, "2 keys, which is the limit", () -> create("third"));
    update(second, KeyStatus.ARCHIVED);
    assertThat(create("third").key().status()).isEqualTo(KeyStatus.ACTIVE);
  }

  @Test
  void everyChangeIsRecordedWithWhoAndWhatAndWhen() {
    time.advance(Duration.ofSeconds(5));
    Administrator shell = new Administrator(Actor.shell("ada"), by.organisationId());
    NewApiKey made = administration.apiKeys().create(shell, KeySpec.of(KeyKind.API, "k"));
    Change newest = administration.changes().list(by, PageRequest.first(1)).items().getFirst();
    assertThat(newest.actor()).isEqualTo(Actor.shell("ada"));
    assertThat(newest.action()).isEqualTo("api_key.create");
    assertThat(newest.subjectId()).isEqualTo(made.key().id());
    assertThat(newest.at()).isEqualTo(time.now());
    assertThat(newest.detail()).isEqualTo("name 'k', scopes messages models");
  }

  @Test
  void aChangeThatFailsLeavesNoRecord() {
    List<Change> before = administration.changes().list(by, PageRequest.first(99)).items();
    assertThatExceptionOfType(ParleyException.class)
        .isThrownBy(
            () ->
                administration
                    .apiKeys()
                    .create(
                        by,
                        new KeySpec(
                            KeyKind.API,
                            "k",
                            Optional.of("wrkspc_none"),
                            Set.of(Scope.MODELS),
                            Optional.empty())));
    assertThat(administration.changes().list(by, PageRequest.first(99)).items()).isEqualTo(before);
  }
}
