package io.parley.server.cli;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.gateway.administration.Actor;
import io.parley.gateway.administration.Administration;
import io.parley.gateway.administration.Administrator;
import io.parley.gateway.administration.Organisation;
import io.parley.gateway.administration.Page;
import io.parley.gateway.administration.PageRequest;
import io.parley.server.ShellAdministration;
import io.parley.server.config.ConfigFlags;
import io.parley.server.config.ConfigLoader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the commands of administration share: they act as the user of the machine, on the database
 * of a data directory. Whoever may write that file may do everything.
 *
 * @param user the name under which changes are recorded
 */
record AdminShell(
    Map<String, String> environment, Path workingDirectory, String user, PrintWriter out) {
  /** Organisations that an error lists by name. */
  private static final int MAX_NAMED = 10;

  /** Opens the database, does the work and closes it again. */
  int run(AdminOptions options, BiConsumer<Administration, Answer> work) {
    return open(options, (opened, answer) -> work.accept(opened.administration(), answer));
  }

  /** Opens the database, does the work and closes it again. */
  int open(AdminOptions options, BiConsumer<ShellAdministration, Answer> work) {
    Path data =
        new ConfigLoader(environment, workingDirectory)
            .load(ConfigFlags.none().with("--data", "data", options.data), options.config)
            .data();
    try (ShellAdministration opened = ShellAdministration.open(data, TimeSource.system())) {
      work.accept(opened, new Answer(out, options.json));
    }
    return ExitCode.OK;
  }

  Actor actor() {
    return Actor.shell(user);
  }

  /**
   * Acts for an organisation.
   *
   * @param named its id or its name; null if it is the only one
   * @throws ParleyException if that names none, or more than one
   */
  Administrator by(Administration administration, @Nullable String named) {
    List<Organisation> found =
        named == null
            ? administration.organisations().list(PageRequest.first(MAX_NAMED)).items()
            : administration.organisations().named(named);
    if (found.size() == 1) {
      return new Administrator(actor(), found.getFirst().id());
    }
    if (found.isEmpty()) {
      String what = named == null ? "no organisation" : "no organisation '" + named + "'";
      throw new ParleyException(
          ErrorCode.NOT_FOUND, "there is " + what + "; ./parley orgs list shows all");
    }
    String choice =
        found.stream()
            .limit(MAX_NAMED)
            .map(each -> each.id() + " '" + each.name() + "'")
            .collect(Collectors.joining(", "));
    throw ParleyException.invalid("there are several organisations; name one by its id: " + choice);
  }

  /** All of a list, page by page. */
  static <T> List<T> all(Function<PageRequest, Page<T>> list, Function<T, String> id) {
    List<T> all = new ArrayList<>();
    PageRequest request = PageRequest.first(PageRequest.MAX_LIMIT);
    Page<T> page = list.apply(request);
    all.addAll(page.items());
    while (page.more()) {
      page = list.apply(request.after(id.apply(all.getLast())));
      all.addAll(page.items());
    }
    return all;
  }
}
