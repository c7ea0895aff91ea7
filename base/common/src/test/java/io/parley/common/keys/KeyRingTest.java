package io.parley.common.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.parley.common.ParleyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRingTest {
  @TempDir Path directory;
  private final Random random = new Random(1);

  @Test
  void aFileIsMadeOnceForItsOwnerAlone() throws Exception {
    Path file = directory.resolve("keys");
    KeyRing made = KeyRing.ofFileOrNew(file, random);
    assertThat(KeyRing.ofFileOrNew(file, random).newest()).isEqualTo(made.newest());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(directory).isDirectoryNotContaining("glob:**.new");
  }

  @Test
  void theLastKeyIsTheNewestAndTheOthersStay() throws Exception {
    Path file = directory.resolve("keys");
    KeyRing one = KeyRing.ofFileOrNew(file, random);
    KeyRing two = KeyRing.rotate(file, random);
    assertThat(two.size()).isEqualTo(2);
    assertThat(two.newest()).isNotEqualTo(one.newest()).hasSize(2 * KeyRing.ID_BYTES);
    assertThat(two.find(one.newest()).orElseThrow())
        .isEqualTo(one.find(one.newest()).orElseThrow());
    String line = Files.readAllLines(file).getLast();
    assertThat(KeyRing.parse("a variable", " ,\n" + line).newest()).isEqualTo(two.newest());
    assertThat(one.find(two.newest())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ,\n", "short", "AAAA", "a secret that is no base64!"})
  void whatIsNoKeyIsRefusedWithoutBeingQuoted(String wrong) {
    assertThatExceptionOfType(ParleyException.class)
        .isThrownBy(() -> KeyRing.parse("chat.keys", wrong))
        .withMessageStartingWith("chat.keys: ")
        .withMessageNotContaining("secret");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Path file = directory.resolve("none");
    assertThatExceptionOfType(ParleyException.class)
        .isThrownBy(() -> KeyRing.ofFile(file))
        .withMessageContaining(file.toString());
  }
}
