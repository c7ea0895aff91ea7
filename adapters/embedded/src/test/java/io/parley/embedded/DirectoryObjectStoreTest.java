package io.parley.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.parley.ports.objects.ObjectStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryObjectStoreTest {
  @TempDir Path directory;

  @Test
  void keepsObjectsAcrossProcesses() {
    new DirectoryObjectStore(directory).put("a/b", new byte[] {1, 2});
    ObjectStore next = new DirectoryObjectStore(directory);
    assertThat(next.get("a/b")).hasValue(new byte[] {1, 2});
    next.remove("a/b");
    next.remove("a/b");
    assertThat(next.get("a/b")).isEmpty();
  }

  @Test
  void forgetsWhatWasLeftHalfDone() throws Exception {
    Files.write(directory.resolve("7.new"), new byte[] {1});
    assertThat(new DirectoryObjectStore(directory).get("a")).isEmpty();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void refusesKeysThatLeaveTheDirectory() {
    ObjectStore store = new DirectoryObjectStore(directory);
    for (String key : new String[] {"", "../a", "a/../b", "/a", "a//b", "a."}) {
      assertThatIllegalArgumentException().isThrownBy(() -> store.get(key));
    }
  }
}
