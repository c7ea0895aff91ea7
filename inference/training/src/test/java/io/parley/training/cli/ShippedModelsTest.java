package io.parley.training.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.common.TimeSource;
import io.parley.ports.model.ModelPool;
import io.parley.training.corpus.Corpus;
import io.parley.training.eval.Evaluation;
import io.parley.training.eval.Report;
import io.parley.training.eval.Score;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The models that ship score what their cards say, to the case: answers are the most probable ones,
 * and kernels give the same bits on every machine.
 */
class ShippedModelsTest {
  private static final long MOST_BYTES = 16_000_000;

  @ParameterizedTest
  @ValueSource(strings = {"parley-mini", "parley-base"})
  void aModelScoresWhatItsCardSays(String name) throws Exception {
    Path card = required(name + ".md");
    List<Score> promised = ModelCard.read(card).scores();
    assertThat(promised)
        .as("%s must hold the table that `./parley eval models/%s.gguf` prints", card, name)
        .isNotEmpty();
    Report report = evaluate(required(name + ".gguf"));
    List<Score> measured = new ArrayList<>(report.scores());
    measured.add(report.total());
    assertThat(measured).as("%s is out of date", card).isEqualTo(promised);
  }

  @Test
  void theModelsAreSmallEnoughToShip() throws IOException {
    long bytes =
        Files.size(required("parley-mini.gguf")) + Files.size(required("parley-base.gguf"));
    assertThat(bytes).isLessThan(MOST_BYTES);
  }

  private static Report evaluate(Path model) throws Exception {
    ModelPool pool = new SingleModel(TimeSource.system()).serve(model);
    try {
      String id = pool.models().getFirst().id();
      return new Evaluation(pool, id, Evaluation.DEFAULT_IN_FLIGHT).run(new Corpus(0).heldOut());
    } finally {
      ((AutoCloseable) pool).close();
    }
  }

  private static Path required(String name) {
    Path file = root().resolve("models").resolve(name);
    assertThat(file).as("a file that ships is missing: models/%s", name).isRegularFile();
    return file;
  }

  /** The repository, from wherever in it the test was started. */
  private static Path root() {
    Path place = Path.of("").toAbsolutePath();
    while (place.getParent() != null && !Files.isDirectory(place.resolve("inference/training"))) {
      place = place.getParent();
    }
    return place;
  }
}
