package io.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdleProcessorsTest {
  @TempDir private Path system;

  @Test
  void virtualProcessorsThatWereToldNotToPollHaltAtOnce() throws IOException {
    tell("devices/system/cpu/cpuidle/current_governor", "haltpoll\n");
    tell("module/haltpoll/parameters/guest_halt_poll_ns", "0\n");
    assertThat(IdleProcessors.haltAtOnce(system)).isTrue();
  }

  @Test
  void thoseThatPollDoNot() throws IOException {
    tell("devices/system/cpu/cpuidle/current_governor", "haltpoll\n");
    tell("module/haltpoll/parameters/guest_halt_poll_ns", "200000\n");
    assertThat(IdleProcessors.haltAtOnce(system)).isFalse();
  }

  @Test
  void nothingIsSaidOfOtherMachines() throws IOException {
    assertThat(IdleProcessors.haltAtOnce(system)).isFalse();
    tell("module/haltpoll/parameters/guest_halt_poll_ns", "0\n");
    tell("devices/system/cpu/cpuidle/current_governor", "menu\n");
    assertThat(IdleProcessors.haltAtOnce(system)).isFalse();
  }

  private void tell(String name, String text) throws IOException {
    Path file = system.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
