package io.parley.server;

import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.safety.audit.AuditKeys;
import io.parley.safety.audit.AuditLimits;
import io.parley.safety.audit.FileAuditLog;
import io.parley.server.config.ParleyConfig;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Where the audit log of a data directory is, and its keys. Immutable.
 *
 * @param data the data directory, which another process may have open
 */
public record ConfiguredAudit(ParleyConfig.Audit config, Path data) {
  /** The segments and the head. */
  public Path directory() {
    return DataDirectory.auditIn(data);
  }

  /**
   * The keys.
   *
   * @throws ParleyException INVALID_REQUEST if they cannot be read
   */
  public AuditKeys keys() {
    return configured().orElseGet(() -> AuditKeys.ofFile(keyFile()));
  }

  private Optional<AuditKeys> configured() {
    return config.keys().map(keys -> AuditKeys.parse("safety.audit.keys", keys));
  }

  /**
   * Adds a key, with which the next start goes on.
   *
   * @throws ParleyException INVALID_REQUEST if the keys are not kept in a file
   */
  public AuditKeys rotate(SecureRandom random) {
    if (config.keys().isPresent()) {
      throw ParleyException.invalid(
          "safety.audit.keys: holds the keys; add one there, as the last, and start again");
    }
    return AuditKeys.rotate(keyFile(), random);
  }

  /** Where the keys are, if they are in a file. */
  public Path keyFile() {
    return config.keyFile().orElse(DataDirectory.auditKeysIn(data));
  }

  /** Opens the log to be written, on this thread; the first start makes the first key. */
  FileAuditLog open(TimeSource time, SecureRandom random, ScheduledExecutorService thread) {
    AuditLimits limits = AuditLimits.keptFor(Duration.ofDays(config.retentionDays()));
    AuditKeys keys = configured().orElseGet(() -> AuditKeys.ofFileOrNew(keyFile(), random));
    return FileAuditLog.open(directory(), keys, limits, time, random, thread);
  }
}
