package io.parley.server.cli;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.gateway.Scope;
import io.parley.gateway.administration.AdminJson;
import io.parley.gateway.administration.Administration;
import io.parley.gateway.administration.Administrator;
import io.parley.gateway.administration.ApiKey;
import io.parley.gateway.administration.KeyFilter;
import io.parley.gateway.administration.KeySpec;
import io.parley.gateway.administration.KeyStatus;
import io.parley.gateway.administration.NewApiKey;
import io.parley.gateway.identity.KeyKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** API keys and admin keys. */
@Command(
    name = "keys",
    mixinStandardHelpOptions = true,
    description = "Makes, lists and takes back keys, of a running or a stopped server.",
    footer = {"", "A key that is taken back opens nothing after a second at the latest."})
final class KeysCommand {
  private final AdminShell shell;

  KeysCommand(AdminShell shell) {
    this.shell = shell;
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the keys of an organisation, newest first; never a secret.")
  int list(
      @Mixin AdminOptions options,
      @Option(
              names = "--org",
              paramLabel = "ORG",
              description = "Id or name (default: the only organisation).")
          @Nullable String organisation) {
    return shell.run(
        options,
        (administration, answer) -> {
          Administrator by = shell.by(administration, organisation);
          List<ApiKey> keys = new ArrayList<>();
          for (KeyKind kind : KeyKind.values()) {
            keys.addAll(
                AdminShell.all(
                    page -> administration.apiKeys().list(by, kind, KeyFilter.ALL, page),
                    ApiKey::id));
          }
          answer.list(
              keys,
              AdminJson::apiKey,
              List.of("id", "key", "status", "scopes", "expires", "last used", "workspace", "name"),
              KeysCommand::row);
        });
  }

  private static List<String> row(ApiKey key) {
    return List.of(
        key.id(),
        key.shownPrefix() + "...",
        key.status().wireName(),
        names(key.scopes()),
        key.expiresAt().map(Instant::toString).orElse("never"),
        key.lastUsedAt().map(Instant::toString).orElse("never"),
        key.workspaceId().orElse("-"),
        key.name());
  }

  private static String names(Set<Scope> scopes) {
    return scopes.stream().sorted().map(Scope::wireName).collect(Collectors.joining(","));
  }

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Makes a key and prints it, this once.")
  int create(
      @Mixin AdminOptions options,
      @Parameters(paramLabel = "NAME", description = "What it is for; for people.") String name,
      @Option(
              names = "--org",
              paramLabel = "ORG",
              description = "Id or name (default: the only organisation).")
          @Nullable String organisation,
      @Option(
              names = "--admin",
              description = "An admin key, for /v1/organizations, instead of an API key.")
          boolean admin,
      @Option(
              names = "--operations",
              description =
                  "An operations key, for /operations/v1 and the operator console: it shows what all"
                      + " organisations do.")
          boolean operations,
      @Option(
              names = "--workspace",
              paramLabel = "ID",
              description = "Workspace that it belongs to (default: the organisation itself).")
          @Nullable String workspace,
      @Option(
              names = "--scope",
              paramLabel = "SCOPE",
              description =
                  "What it is good for: messages, models; with --admin: admin:read, admin:write"
                      + " (default: all of its kind). Repeatable.")
          @Nullable List<String> scopes,
      @Option(
              names = "--expires",
              paramLabel = "WHEN",
              description =
                  "When it stops by itself: after 12h or 30d, or at a time such as"
                      + " 2027-01-31T00:00:00Z (default: never).")
          @Nullable String expires) {
    return shell.run(
        options,
        (administration, answer) -> {
          KeyKind kind = kind(admin, operations);
          KeySpec spec =
              new KeySpec(
                  kind,
                  name,
                  Optional.ofNullable(workspace),
                  scopes == null ? kind.scopes() : scopes(scopes),
                  Optional.ofNullable(expires)
                      .map(text -> Expiry.parse(text, administration.now())));
          Administrator by = shell.by(administration, organisation);
          NewApiKey made = administration.apiKeys().create(by, spec);
          answer.one(made, AdminJson::newApiKey, announced(made));
        });
  }

  private static KeyKind kind(boolean admin, boolean operations) {
    if (admin && operations) {
      throw ParleyException.invalid("--operations: a key is one or the other, so not with --admin");
    }
    return admin ? KeyKind.ADMIN : operations ? KeyKind.OPERATIONS : KeyKind.API;
  }

  private static String announced(NewApiKey made) {
    return "Made %s for %s. It is shown this once:%n  %s"
        .formatted(made.key().id(), made.organisationId(), made.secret());
  }

  private static Set<Scope> scopes(List<String> names) {
    return names.stream()
        .map(
            name ->
                Scope.of(name)
                    .orElseThrow(
                        () -> ParleyException.invalid("--scope: there is no '" + name + "'")))
        .collect(Collectors.toSet());
  }

  @Command(
      name = "update",
      mixinStandardHelpOptions = true,
      description = "Gives a key another name or status.")
  int update(
      @Mixin AdminOptions options,
      @Parameters(paramLabel = "KEY", description = "Id of the key.") String id,
      @Option(names = "--name", paramLabel = "NAME", description = "What it is for.")
          @Nullable String name,
      @Option(
              names = "--status",
              paramLabel = "STATUS",
              description = "active, inactive, or archived, which is for good.")
          @Nullable String status) {
    return change(options, id, Optional.ofNullable(name), Optional.ofNullable(status));
  }

  @Command(
      name = "revoke",
      mixinStandardHelpOptions = true,
      description = "Takes a key back for good: the same as update --status archived.")
  int revoke(
      @Mixin AdminOptions options,
      @Parameters(paramLabel = "KEY", description = "Id of the key.") String id) {
    return change(options, id, Optional.empty(), Optional.of(KeyStatus.ARCHIVED.wireName()));
  }

  private int change(
      AdminOptions options, String id, Optional<String> name, Optional<String> status) {
    return shell.run(
        options,
        (administration, answer) -> {
          ApiKey changed =
              administration
                  .apiKeys()
                  .update(
                      ownerOf(administration, id),
                      KeyKind.ofId(id).orElseThrow(() -> missing(id)),
                      id,
                      name,
                      status.map(KeysCommand::status));
          answer.one(
              changed,
              AdminJson::apiKey,
              "%s '%s' is %s".formatted(id, changed.name(), changed.status().wireName()));
        });
  }

  private Administrator ownerOf(Administration administration, String id) {
    String organisation =
        administration.apiKeys().organisationOf(id).orElseThrow(() -> missing(id));
    return new Administrator(shell.actor(), organisation);
  }

  private static ParleyException missing(String id) {
    return new ParleyException(
        ErrorCode.NOT_FOUND, "there is no key '" + id + "'; ./parley keys list shows all");
  }

  private static KeyStatus status(String name) {
    return KeyStatus.of(name)
        .filter(status -> KeyStatus.settableNames().contains(status.wireName()))
        .orElseThrow(
            () ->
                ParleyException.invalid(
                    "--status: must be one of " + String.join(", ", KeyStatus.settableNames())));
  }
}
