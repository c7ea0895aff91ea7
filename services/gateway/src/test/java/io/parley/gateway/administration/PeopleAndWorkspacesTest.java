package io.parley.gateway.administration;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.common.ErrorCode;
import io.parley.gateway.identity.KeyKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PeopleAndWorkspacesTest extends AdministrationFixture {
  private static final PageRequest ALL = PageRequest.first(100);

  private Member add(String email) {
    return administration.members().add(by, email, "Somebody", OrganisationRole.USER);
  }

  private Administrator byKey() {
    return new Administrator(Actor.adminKey("adminkey_1"), by.organisationId());
  }

  @Test
  void anAddressIsOneWhateverItsCase() {
    Member ada = add("Ada@Example.com");
    assertThat(ada.email()).isEqualTo("ada@example.com");
    refused(ErrorCode.CONFLICT, "is a member already", () -> add("ADA@example.com"));
    assertThat(administration.members().list(by, Optional.of("aDa@example.com"), ALL).items())
        .containsExactly(ada);
    refused(ErrorCode.INVALID_REQUEST, "email: ", () -> add("nobody"));
    refused(ErrorCode.INVALID_REQUEST, "email: ", () -> add("a b@c"));
  }

  @Test
  void onlyTheOperatorMakesChangesAndRemovesAnAdmin() {
    Member boss = administration.members().add(by, "boss@x", "Boss", OrganisationRole.ADMIN);
    Member user = add("user@x");
    Members members = administration.members();
    refused(
        ErrorCode.PERMISSION,
        "role: ",
        () -> members.add(byKey(), "c@x", "C", OrganisationRole.ADMIN));
    refused(
        ErrorCode.PERMISSION,
        "role: ",
        () -> members.changeRole(byKey(), user.id(), OrganisationRole.ADMIN));
    refused(
        ErrorCode.PERMISSION,
        "role: ",
        () -> members.changeRole(byKey(), boss.id(), OrganisationRole.USER));
    refused(ErrorCode.PERMISSION, "role: ", () -> members.remove(byKey(), boss.id()));
    members.changeRole(by, boss.id(), OrganisationRole.BILLING);
    members.remove(byKey(), boss.id());
    refused(ErrorCode.NOT_FOUND, "user_id: ", () -> members.get(by, boss.id()));
  }

  @Test
  void aMemberThatIsRemovedIsForgottenButTheRecordIsNot() {
    Workspace workspace = administration.workspaces().create(by, "lab", Optional.empty());
    Member ada = add("ada@x");
    administration
        .workspaceMembers()
        .add(by, workspace.id(), ada.id(), WorkspaceRole.WORKSPACE_USER);
    administration.members().remove(by, ada.id());
    assertThat(administration.workspaceMembers().list(by, workspace.id(), ALL).items()).isEmpty();
    assertThat(administration.changes().list(by, ALL).items())
        .extracting(Change::action)
        .contains("user.add", "user.remove");
  }

  @Test
  void anInviteIsAcceptedByAddingWhomItInvites() {
    Invites invites = administration.invites();
    Invite invite = invites.create(by, "Ada@x", OrganisationRole.DEVELOPER);
    assertThat(invite.status(time.now())).isEqualTo("pending");
    refused(
        ErrorCode.CONFLICT,
        "is invited already",
        () -> invites.create(by, "ada@x", OrganisationRole.USER));
    add("ada@x");
    assertThat(invites.get(by, invite.id()).status(time.now())).isEqualTo("accepted");
    refused(
        ErrorCode.CONFLICT,
        "is a member already",
        () -> invites.create(by, "ada@x", OrganisationRole.USER));
    refused(ErrorCode.CONFLICT, "was accepted", () -> invites.delete(by, invite.id()));
  }

  @Test
  void anInviteExpiresAndCanBeTakenBack() {
    Invites invites = administration.invites();
    Invite first = invites.create(by, "a@x", OrganisationRole.USER);
    invites.delete(by, first.id());
    invites.delete(by, first.id());
    assertThat(invites.get(by, first.id()).status(time.now())).isEqualTo("deleted");
    Invite second = invites.create(by, "a@x", OrganisationRole.USER);
    time.advance(Duration.ofDays(21));
    assertThat(invites.get(by, second.id()).status(time.now())).isEqualTo("expired");
    invites.create(by, "a@x", OrganisationRole.USER);
    refused(
        ErrorCode.PERMISSION, "role: ", () -> invites.create(by, "b@x", OrganisationRole.ADMIN));
  }

  @Test
  void aWorkspaceIsArchivedForGoodAndItsKeysWithIt() {
    Workspace lab = administration.workspaces().create(by, "lab", Optional.of("#abcdef"));
    assertThat(lab.displayColor()).isEqualTo("#ABCDEF");
    KeySpec spec =
        new KeySpec(
            KeyKind.API, "k", Optional.of(lab.id()), KeyKind.API.scopes(), Optional.empty());
    String key = administration.apiKeys().create(by, spec).key().id();
    time.advance(Duration.ofSeconds(1));
    Workspace archived = administration.workspaces().archive(by, lab.id());
    assertThat(archived.archivedAt()).contains(time.now());
    assertThat(administration.workspaces().archive(by, lab.id())).isEqualTo(archived);
    assertThat(administration.apiKeys().get(by, KeyKind.API, key).status())
        .isEqualTo(KeyStatus.ARCHIVED);
    refused(ErrorCode.CONFLICT, "is archived", () -> administration.apiKeys().create(by, spec));
    refused(
        ErrorCode.CONFLICT,
        "is archived",
        () ->
            administration.workspaces().update(by, lab.id(), Optional.of("new"), Optional.empty()));
    assertThat(administration.workspaces().list(by, false, ALL).items()).isEmpty();
    assertThat(administration.workspaces().list(by, true, ALL).items()).containsExactly(archived);
  }

  @Test
  void aMemberHasOneRoleInAWorkspace() {
    Workspace lab = administration.workspaces().create(by, "lab", Optional.empty());
    Member ada = add("ada@x");
    WorkspaceMembers members = administration.workspaceMembers();
    WorkspaceMember added = members.add(by, lab.id(), ada.id(), WorkspaceRole.WORKSPACE_DEVELOPER);
    assertThat(members.get(by, lab.id(), ada.id())).isEqualTo(added);
    refused(
        ErrorCode.CONFLICT,
        "is in the workspace already",
        () -> members.add(by, lab.id(), ada.id(), WorkspaceRole.WORKSPACE_USER));
    refused(
        ErrorCode.INVALID_REQUEST,
        "workspace_role: ",
        () -> members.add(by, lab.id(), ada.id(), WorkspaceRole.WORKSPACE_BILLING));
    assertThat(members.changeRole(by, lab.id(), ada.id(), WorkspaceRole.WORKSPACE_ADMIN).role())
        .isEqualTo(WorkspaceRole.WORKSPACE_ADMIN);
    members.remove(by, lab.id(), ada.id());
    refused(ErrorCode.NOT_FOUND, "user_id: ", () -> members.get(by, lab.id(), ada.id()));
  }

  @Test
  void thereIsAsMuchAsTheLimitsSay() {
    limits = new AdministrationLimits(9, 1, 1, 1, Duration.ofDays(1));
    reopen("test.db");
    administration.workspaces().create(by, "one", Optional.empty());
    refused(
        ErrorCode.CONFLICT,
        "1 workspaces, which is the limit",
        () -> administration.workspaces().create(by, "two", Optional.empty()));
    administration.invites().create(by, "a@x", OrganisationRole.USER);
    refused(
        ErrorCode.CONFLICT,
        "1 pending invites, which is the limit",
        () -> administration.invites().create(by, "b@x", OrganisationRole.USER));
    add("a@x");
    refused(ErrorCode.CONFLICT, "1 members, which is the limit", () -> add("b@x"));
  }

  @Test
  void organisationsAreListedNewestFirstAndFoundByName() {
    Organisations organisations = administration.organisations();
    Organisation acme = organisations.create(Actor.shell("op"), "Acme", Tier.STANDARD);
    assertThat(organisations.list(ALL).items())
        .extracting(Organisation::name)
        .containsExactly("Acme", "default");
    assertThat(organisations.named("Acme")).containsExactly(acme);
    assertThat(organisations.named(acme.id())).containsExactly(acme);
    assertThat(organisations.named("nobody")).isEmpty();
    refused(
        ErrorCode.NOT_FOUND,
        "there is no tier 'gold'",
        () -> organisations.create(Actor.SERVER, "x", "gold"));
    assertThat(organisations.update(by, Optional.of("Mine"), Optional.of("trial")))
        .extracting(Organisation::name, Organisation::tierId)
        .isEqualTo(List.of("Mine", "trial"));
  }

  @Test
  void namesAreToldOfTheOrganisationsThatThereAre() {
    Organisations organisations = administration.organisations();
    String acme = organisations.create(Actor.SERVER, "Acme", Tier.STANDARD).id();
    String globex = organisations.create(Actor.SERVER, "Globex", Tier.STANDARD).id();
    assertThat(organisations.names(List.of(acme, "unknown", globex)))
        .isEqualTo(Map.of(acme, "Acme", globex, "Globex"));
    assertThat(organisations.names(List.of())).isEmpty();
  }
}
