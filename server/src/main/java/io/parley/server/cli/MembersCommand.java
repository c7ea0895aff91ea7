package io.parley.server.cli;

import io.parley.common.ParleyException;
import io.parley.gateway.administration.AdminJson;
import io.parley.gateway.administration.Administrator;
import io.parley.gateway.administration.Member;
import io.parley.gateway.administration.OrganisationRole;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** People of an organisation. */
@Command(
    name = "members",
    mixinStandardHelpOptions = true,
    description = "People of an organisation.")
final class MembersCommand {
  private static final String ORG = "Id or name (default: the only organisation).";
  private static final String ROLE = "user, claude_code_user, developer, billing or admin.";

  private final AdminShell shell;

  MembersCommand(AdminShell shell) {
    this.shell = shell;
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists them, newest first.")
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
                  page -> administration.members().list(by, Optional.empty(), page), Member::id),
              AdminJson::member,
              List.of("id", "role", "email", "name"),
              each -> List.of(each.id(), each.role().wireName(), each.email(), each.name()));
        });
  }

  @Command(
      name = "add",
      mixinStandardHelpOptions = true,
      description = "Takes somebody in; an invite that waits for the address is accepted by it.")
  int add(
      @Mixin AdminOptions options,
      @Parameters(paramLabel = "EMAIL", description = "Mail address.") String email,
      @Option(names = "--name", paramLabel = "NAME", required = true, description = "Name.")
          String name,
      @Option(
              names = "--role",
              paramLabel = "ROLE",
              description = ROLE + " (default: ${DEFAULT-VALUE})",
              defaultValue = "user")
          String role,
      @Option(names = "--org", paramLabel = "ORG", description = ORG)
          @Nullable String organisation) {
    return shell.run(
        options,
        (administration, answer) ->
            tell(
                answer,
                administration
                    .members()
                    .add(shell.by(administration, organisation), email, name, role(role))));
  }

  @Command(
      name = "update",
      mixinStandardHelpOptions = true,
      description = "Gives somebody another role.")
  int update(
      @Mixin AdminOptions options,
      @Parameters(paramLabel = "ID", description = "Id of the member.") String id,
      @Option(names = "--role", paramLabel = "ROLE", required = true, description = ROLE)
          String role,
      @Option(names = "--org", paramLabel = "ORG", description = ORG)
          @Nullable String organisation) {
    return shell.run(
        options,
        (administration, answer) ->
            tell(
                answer,
                administration
                    .members()
                    .changeRole(shell.by(administration, organisation), id, role(role))));
  }

  @Command(
      name = "remove",
      mixinStandardHelpOptions = true,
      description = "Takes somebody out, and forgets name and address.")
  int remove(
      @Mixin AdminOptions options,
      @Parameters(paramLabel = "ID", description = "Id of the member.") String id,
      @Option(names = "--org", paramLabel = "ORG", description = ORG)
          @Nullable String organisation) {
    return shell.run(
        options,
        (administration, answer) -> {
          Administrator by = shell.by(administration, organisation);
          Member member = administration.members().get(by, id);
          administration.members().remove(by, id);
          answer.one(member, AdminJson::member, id + " is removed");
        });
  }

  private static void tell(Answer answer, Member member) {
    answer.one(
        member,
        AdminJson::member,
        "%s %s has the role %s".formatted(member.id(), member.email(), member.role().wireName()));
  }

  private static OrganisationRole role(String name) {
    return OrganisationRole.of(name)
        .orElseThrow(() -> ParleyException.invalid("--role: must be " + ROLE));
  }
}
