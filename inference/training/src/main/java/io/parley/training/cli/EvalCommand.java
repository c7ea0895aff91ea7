package io.parley.training.cli;

import io.parley.common.ParleyException;
import io.parley.ports.model.ModelDescriptor;
import io.parley.ports.model.ModelPool;
import io.parley.training.corpus.Corpus;
import io.parley.training.corpus.EvaluationCase;
import io.parley.training.eval.Evaluation;
import io.parley.training.eval.Report;
import io.parley.training.eval.ReportFormat;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code eval MODEL.gguf}: asks a model the held-out questions and prints how many it got right.
 */
@Command(name = "eval", description = "Asks a model the held-out questions of the corpus.")
@SuppressWarnings("NullAway.Init") // Fields are set by picocli.
public final class EvalCommand implements Callable<Integer> {
  private final Function<Path, ModelPool> load;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "MODEL", description = "a GGUF file")
  private Path model;

  @Option(names = "--json", description = "print one JSON object")
  private boolean json;

  @Option(names = "--misses", description = "print every wrong answer too")
  private boolean misses;

  @Option(
      names = "--category",
      paramLabel = "CATEGORY",
      description = "only this category; may be repeated")
  private List<String> categories = List.of();

  @Option(names = "--in-flight", description = "questions at once (default ${DEFAULT-VALUE})")
  private int inFlight = Evaluation.DEFAULT_IN_FLIGHT;

  /**
   * @param load a pool that serves the model of a GGUF file; closed at the end if it can be closed
   */
  public EvalCommand(Function<Path, ModelPool> load) {
    this.load = load;
  }

  @Override
  public Integer call() throws Exception {
    List<EvaluationCase> cases = cases();
    ModelPool pool = load.apply(model);
    try {
      print(new Evaluation(pool, modelId(pool), inFlight).run(cases));
    } finally {
      if (pool instanceof AutoCloseable closeable) {
        closeable.close();
      }
    }
    return 0;
  }

  private List<EvaluationCase> cases() {
    // The cases are the same for every seed of training.
    List<EvaluationCase> all = new Corpus(0).heldOut();
    Set<String> known = all.stream().map(EvaluationCase::category).collect(Collectors.toSet());
    for (String category : categories) {
      if (!known.contains(category)) {
        throw ParleyException.invalid(
            "--category must be one of " + known.stream().sorted().toList() + ": " + category);
      }
    }
    return all.stream()
        .filter(one -> categories.isEmpty() || categories.contains(one.category()))
        .toList();
  }

  private String modelId(ModelPool pool) {
    return pool.models().stream()
        .findFirst()
        .map(ModelDescriptor::id)
        .orElseThrow(() -> ParleyException.invalid("MODEL holds no model to serve: " + model));
  }

  private void print(Report report) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      ReportFormat.json(report, misses, out);
    } else {
      ReportFormat.table(report, out);
      if (misses) {
        ReportFormat.misses(report, out);
      }
    }
    out.flush();
  }
}
