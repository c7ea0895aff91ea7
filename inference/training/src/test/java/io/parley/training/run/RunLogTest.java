package io.parley.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLogTest {
  @TempDir private Path directory;
  private Path table = Path.of("");

  @BeforeEach
  void place() {
    table = directory.resolve("loss.csv");
  }

  @Test
  void keepsARowAStep() throws IOException {
    write(0, 1, 3);
    assertThat(Files.readAllLines(table))
        .containsExactly(
            "step,loss,answer_loss,learning_rate,gradient_norm,tokens,seconds",
            "1,4.00000,2.00000,1.0000e-03,0.5000,100,1.250",
            "2,2.00000,1.00000,1.0000e-03,0.5000,100,1.250",
            "3,1.33333,0.66667,1.0000e-03,0.5000,100,1.250");
  }

  @Test
  void aRunThatGoesOnDropsTheStepsThatItDoesAgain() throws IOException {
    write(0, 1, 5);
    Files.writeString(table, "6,0.5", StandardOpenOption.APPEND); // Torn by a crash.
    write(3, 4, 6);
    assertThat(RunLog.read(table))
        .extracting(RunLog.Row::step)
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
  }

  @Test
  void theCurveIsAPictureOfTheTable() throws Exception {
    write(0, 1, 1000);
    Path picture = directory.resolve("loss.svg");
    LossCurve.draw(table, picture, "a < b & c");
    var svg = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(picture.toFile());
    assertThat(svg.getElementsByTagName("polyline").getLength()).isEqualTo(2);
    assertThat(svg.getElementsByTagName("text").item(0).getTextContent()).isEqualTo("a < b & c");
  }

  @Test
  void anEmptyTableHasNoPicture() throws IOException {
    write(0, 1, 0);
    LossCurve.draw(table, directory.resolve("loss.svg"), "empty");
    assertThat(directory.resolve("loss.svg")).doesNotExist();
  }

  private void write(long done, long first, long last) throws IOException {
    try (RunLog log = new RunLog(table, done)) {
      for (long step = first; step <= last; step++) {
        log.add(new StepReport(step, 4.0 / step, 2.0 / step, 1e-3, 0.5, 100, 1.25));
      }
    }
  }
}
