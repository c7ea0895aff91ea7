package io.parley.server.cli;

import io.parley.gateway.administration.AdminJson;
import io.parley.gateway.administration.Administrator;
import io.parley.gateway.administration.Workspace;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Workspaces of an organisation. */
@Command(
    name = "workspaces",
    mixinStandardHelpOptions = true,
    description = "Workspaces of an organisation.")
final class WorkspacesCommand {
  private static final String ORG = "Id or name (default: the only organisation).";

  private final AdminShell shell;

  WorkspacesCommand(AdminShell shell) {
    this.shell = shell;
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists them, archived ones too, newest first.")
  int list(
      @Mixin AdminOptions options,
      @Option(names = "--org", paramLabel = "ORG", description = ORG)
          @Nullable String organisation) {
    return shell.run(
        options,
        (administration, answer) -> {
          Administrator by = shell.by(administration, organisation);
          answer.list(
              AdminShell.all(
                  page -> administration.workspaces().list(by, true, page), Workspace::id),
              AdminJson::workspace,
              List.of("id", "created", "archived", "name"),
              each ->
                  List.of(
                      each.id(),
                      each.createdAt().toString(),
                      each.archivedAt().map(Object::toString).orElse("-"),
                      each.name()));
        });
  }

  @Command(name = "create", mixinStandardHelpOptions = true, description = "Makes one.")
  int create(
      @Mixin AdminOptions options,
      @Parameters(paramLabel = "NAME", description = "Its name; for people.") String name,
      @Option(names = "--org", paramLabel = "ORG", description = ORG)
          @Nullable String organisation) {
    return shell.run(
        options,
        (administration, answer) -> {
          Workspace made =
              administration
                  .workspaces()
                  .create(shell.by(administration, organisation), name, Optional.empty());
          answer.one(made, AdminJson::workspace, "Made %s '%s'".formatted(made.id(), made.name()));
        });
  }

  @Command(
      name = "archive",
      mixinStandardHelpOptions = true,
      description = "Closes one for good, and archives its keys.")
  int archive(
      @Mixin AdminOptions options,
      @Parameters(paramLabel = "ID", description = "Id of the workspace.") String id,
      @Option(names = "--org", paramLabel = "ORG", description = ORG)
          @Nullable String organisation) {
    return shell.run(
        options,
        (administration, answer) -> {
          Workspace archived =
              administration.workspaces().archive(shell.by(administration, organisation), id);
          answer.one(
              archived, AdminJson::workspace, "%s '%s' is archived".formatted(id, archived.name()));
        });
  }
}
