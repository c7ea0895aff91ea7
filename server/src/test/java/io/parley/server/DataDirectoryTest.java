package io.parley.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
  @TempDir Path directory;

  @Test
  void isMadeForItsOwnerAlone() throws IOException {
    Path path = directory.resolve("a/b");
    DataDirectory.open(path).close();
    assertThat(mode(path)).isEqualTo("rwx------");
  }

  @Test
  void refusesASecondServerUntilTheFirstIsGone() {
    try (DataDirectory first = DataDirectory.open(directory)) {
      assertThat(first.database().getParent()).isEqualTo(directory);
      assertThatExceptionOfType(ParleyException.class)
          .isThrownBy(() -> DataDirectory.open(directory))
          .withMessageContaining(directory.toString())
          .withMessageContaining("--data")
          .matches(e -> e.code() == ErrorCode.CONFLICT);
    }
    DataDirectory.open(directory).close();
  }

  @Test
  void writesTheKeyForItsOwnerAloneAndReplacesAnUnfinishedOne() throws IOException {
    try (DataDirectory data = DataDirectory.open(directory)) {
      Files.writeString(directory.resolve("dev-key.new"), "half");
      Files.writeString(data.devKey(), "of an earlier start");
      data.writeDevKey("sk-parley-x");
      assertThat(data.devKey()).hasContent("sk-parley-x\n");
      assertThat(mode(data.devKey())).isEqualTo("rw-------");
      assertThat(directory.resolve("dev-key.new")).doesNotExist();
    }
  }

  @Test
  void saysWhyItCannotBeUsed() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");
    assertThatExceptionOfType(ParleyException.class)
        .isThrownBy(() -> DataDirectory.open(file.resolve("below")))
        .withMessageContaining(file.toString())
        .matches(e -> e.code() == ErrorCode.INVALID_REQUEST);
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
