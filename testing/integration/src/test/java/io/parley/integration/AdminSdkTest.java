package io.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.PermissionDeniedException;
import com.anthropic.models.organization.OrganizationRole;
import com.anthropic.models.organization.apikeys.ApiKey;
import com.anthropic.models.organization.apikeys.ApiKeyUpdateParams;
import com.anthropic.models.organization.invites.InviteCreateParams;
import com.anthropic.models.organization.invites.OrganizationInvite;
import com.anthropic.models.organization.workspaces.Workspace;
import com.anthropic.models.organization.workspaces.WorkspaceCreateParams;
import io.parley.common.TimeSource;
import io.parley.gateway.administration.Actor;
import io.parley.gateway.administration.Administration;
import io.parley.gateway.administration.Administrator;
import io.parley.gateway.administration.KeySpec;
import io.parley.gateway.administration.PageRequest;
import io.parley.gateway.identity.KeyKind;
import io.parley.server.ShellAdministration;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Admin API of a started server, through the official Java SDK. */
@SuppressWarnings("NullAway.Init") // set by beforeAll
class AdminSdkTest {
  @TempDir static Path directory;
  private static RunningParley parley;
  private static AnthropicClient client;

  @BeforeAll
  static void start() {
    parley = RunningParley.start(directory);
    client = AnthropicOkHttpClient.builder().baseUrl(parley.url()).apiKey(adminKey()).build();
  }

  /** As an operator makes one while the server runs. */
  private static String adminKey() {
    try (ShellAdministration shell =
        ShellAdministration.open(directory.resolve("data"), TimeSource.system())) {
      Administration administration = shell.administration();
      String organisation =
          administration.organisations().list(PageRequest.first(1)).items().getFirst().id();
      Administrator by = new Administrator(Actor.shell("operator"), organisation);
      return administration.apiKeys().create(by, KeySpec.of(KeyKind.ADMIN, "sdk")).secret();
    }
  }

  @AfterAll
  static void stop() {
    client.close();
    parley.close();
  }

  @Test
  void knowsItsOrganisation() {
    assertThat(client.organization().retrieve().validate().name()).isEqualTo("default");
  }

  @Test
  void listsReadsAndRenamesTheFirstKey() {
    ApiKey key = client.organization().apiKeys().list().items().getFirst().validate();
    assertThat(key.name()).isEqualTo("first key");
    assertThat(key.status()).isEqualTo(ApiKey.Status.ACTIVE);
    assertThat(key.scope().isOrganization()).isTrue();
    ApiKey renamed =
        client
            .organization()
            .apiKeys()
            .update(key.id(), ApiKeyUpdateParams.builder().name("mine").build());
    assertThat(client.organization().apiKeys().retrieve(key.id()).name())
        .isEqualTo(renamed.name())
        .isEqualTo("mine");
    assertThatThrownBy(() -> client.organization().apiKeys().retrieve("key_none"))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void makesAndArchivesWorkspaces() {
    Workspace made =
        client
            .organization()
            .workspaces()
            .create(WorkspaceCreateParams.builder().name("lab").build());
    assertThat(made.archivedAt()).isEmpty();
    assertThat(made.displayColor()).isEqualTo("#6C5BB9");
    assertThat(made.compartmentId()).isEqualTo(made.id());
    assertThat(client.organization().workspaces().list().items())
        .extracting(Workspace::id)
        .contains(made.id());
    assertThat(client.organization().workspaces().archive(made.id()).archivedAt()).isPresent();
  }

  @Test
  void invitesPeople() {
    OrganizationInvite invite =
        client
            .organization()
            .invites()
            .create(
                InviteCreateParams.builder()
                    .email("ada@example.com")
                    .role(InviteCreateParams.Role.DEVELOPER)
                    .build())
            .validate();
    assertThat(invite.role()).isEqualTo(OrganizationRole.DEVELOPER);
    assertThat(invite.status()).isEqualTo(OrganizationInvite.Status.PENDING);
    assertThat(client.organization().invites().delete(invite.id()).id()).isEqualTo(invite.id());
    assertThat(client.organization().users().list().items()).isEmpty();
  }

  @Test
  void anApiKeyIsNoAdminKey() {
    AnthropicClient other = parley.client();
    assertThatThrownBy(() -> other.organization().retrieve())
        .isInstanceOf(PermissionDeniedException.class);
    other.close();
  }
}
