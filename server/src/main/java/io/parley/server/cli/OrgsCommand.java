package io.parley.server.cli;

import io.parley.gateway.administration.AdminJson;
import io.parley.gateway.administration.Administrator;
import io.parley.gateway.administration.Change;
import io.parley.gateway.administration.Organisation;
import io.parley.gateway.administration.PageRequest;
import io.parley.gateway.administration.Tier;
import io.parley.safety.PrivacyPolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Organisations. */
@Command(
    name = "orgs",
    mixinStandardHelpOptions = true,
    description = "Organisations and what belongs to them, of a running or a stopped server.")
final class OrgsCommand {
  private final AdminShell shell;

  OrgsCommand(AdminShell shell) {
    this.shell = shell;
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists all organisations, newest first.")
  int list(@Mixin AdminOptions options) {
    return shell.run(
        options,
        (administration, answer) ->
            answer.list(
                AdminShell.all(administration.organisations()::list, Organisation::id),
                AdminJson::organisation,
                List.of("id", "tier", "created", "name"),
                each ->
                    List.of(each.id(), each.tierId(), each.createdAt().toString(), each.name())));
  }

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Makes an organisation, without keys.")
  int create(
      @Mixin AdminOptions options,
      @Parameters(paramLabel = "NAME", description = "Its name; for people.") String name,
      @Option(
              names = "--tier",
              paramLabel = "TIER",
              description = "What it is sold (default: ${DEFAULT-VALUE}).",
              defaultValue = Tier.STANDARD)
          String tier) {
    return shell.run(
        options,
        (administration, answer) -> {
          Organisation made = administration.organisations().create(shell.actor(), name, tier);
          answer.one(
              made,
              AdminJson::organisation,
              "Made %s '%s', tier %s. A key for it: ./parley keys create NAME --org %s"
                  .formatted(made.id(), made.name(), made.tierId(), made.id()));
        });
  }

  @Command(
      name = "update",
      mixinStandardHelpOptions = true,
      description = "Gives an organisation another name or tier.")
  int update(
      @Mixin AdminOptions options,
      @Parameters(paramLabel = "ORG", description = "Id or name.") String organisation,
      @Option(names = "--name", paramLabel = "NAME", description = "Its name; for people.")
          @Nullable String name,
      @Option(names = "--tier", paramLabel = "TIER", description = "What it is sold.")
          @Nullable String tier) {
    return shell.run(
        options,
        (administration, answer) -> {
          Organisation changed =
              administration
                  .organisations()
                  .update(
                      shell.by(administration, organisation),
                      Optional.ofNullable(name),
                      Optional.ofNullable(tier));
          answer.one(
              changed,
              AdminJson::organisation,
              "%s '%s', tier %s".formatted(changed.id(), changed.name(), changed.tierId()));
        });
  }

  @Command(
      name = "privacy",
      mixinStandardHelpOptions = true,
      description = {
        "Shows what is done with personal data, and chooses it. KIND is email, phone, card, iban or",
        "secret; ACTION is off, detect (count it), mask or refuse. Requests follow within a second."
      })
  int privacy(
      @Mixin AdminOptions options,
      @Parameters(
              paramLabel = "ORG",
              arity = "0..1",
              description = "Id or name (default: the only organisation).")
          @Nullable String organisation,
      @Option(
              names = "--prompts",
              split = ",",
              paramLabel = "KIND=ACTION",
              description = "What is done before the model reads.")
          @Nullable Map<String, String> prompts,
      @Option(
              names = "--answers",
              split = ",",
              paramLabel = "KIND=ACTION",
              description = "What is done before the client reads.")
          @Nullable Map<String, String> answers) {
    PrivacyOptions chosen = new PrivacyOptions(prompts, answers);
    return shell.run(
        options,
        (administration, answer) -> {
          Administrator by = shell.by(administration, organisation);
          PrivacyPolicy policy = chosen.apply(administration.privacy(), by);
          answer.one(policy, AdminJson::privacy, PrivacyOptions.sentence(policy));
        });
  }

  @Command(
      name = "changes",
      mixinStandardHelpOptions = true,
      description = "Lists who changed what in an organisation, newest first.")
  int changes(
      @Mixin AdminOptions options,
      @Parameters(
              paramLabel = "ORG",
              arity = "0..1",
              description = "Id or name (default: the only organisation).")
          @Nullable String organisation,
      @Option(
              names = "--limit",
              paramLabel = "N",
              description = "At most so many (default: ${DEFAULT-VALUE}).",
              defaultValue = "50")
          int limit) {
    return shell.run(
        options,
        (administration, answer) ->
            answer.list(
                administration
                    .changes()
                    .list(shell.by(administration, organisation), PageRequest.first(limit))
                    .items(),
                AdminJson::change,
                List.of("at", "who", "action", "subject", "detail"),
                OrgsCommand::row));
  }

  private static List<String> row(Change change) {
    return List.of(
        change.at().toString(),
        change.actor().kind().wireName() + ":" + change.actor().id(),
        change.action(),
        change.subjectId(),
        change.detail());
  }
}
