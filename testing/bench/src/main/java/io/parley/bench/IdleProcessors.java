package io.parley.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How the processors of a machine wait for work.
 *
 * <p>One of a virtual machine that halts has to be brought back by the host, which takes tens of
 * microseconds. So Linux has it look for work for up to 200 µs before that, unless it was told
 * otherwise: <a href="https://docs.kernel.org/virt/guest-halt-polling.html">guest halt polling</a>.
 */
final class IdleProcessors {
  private static final Path GOVERNOR = Path.of("devices/system/cpu/cpuidle/current_governor");
  private static final Path POLL_NANOS = Path.of("module/haltpoll/parameters/guest_halt_poll_ns");

  private IdleProcessors() {}

  /**
   * Whether this is a virtual machine whose processors could look for work before they halt, and
   * were told not to.
   *
   * @param system what Linux tells of itself, {@code /sys}
   */
  static boolean haltAtOnce(Path system) {
    return read(system.resolve(GOVERNOR)).equals("haltpoll")
        && read(system.resolve(POLL_NANOS)).equals("0");
  }

  /** Empty where the system does not tell. */
  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      return "";
    }
  }
}
