package io.parley.server;

import io.parley.common.TimeSource;
import io.parley.gateway.usage.journal.JournalLimits;
import io.parley.gateway.usage.journal.UsageJournal;
import io.parley.ports.data.Database;
import io.parley.safety.audit.FileAuditLog;
import io.parley.server.config.ParleyConfig;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What is written down of every request before its client is told the end: first what the gates
 * decided, then what it took. Both are written on one thread, so that the second needs not wait for
 * another one to wake up.
 */
record Books(FileAuditLog audit, UsageJournal journal, ScheduledExecutorService thread)
    implements AutoCloseable {
  static Books open(
      ParleyConfig.Audit config,
      Path data,
      Database database,
      TimeSource time,
      SecureRandom random) {
    ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("ledger").daemon().factory());
    try {
      FileAuditLog audit = new ConfiguredAudit(config, data).open(time, random, thread);
      try {
        return new Books(audit, journal(data, database, random, thread), thread);
      } catch (RuntimeException e) {
        audit.close();
        throw e;
      }
    } catch (RuntimeException e) {
      thread.shutdown();
      throw e;
    }
  }

  private static UsageJournal journal(
      Path data, Database database, SecureRandom random, ScheduledExecutorService thread) {
    return UsageJournal.open(
        DataDirectory.usageJournalIn(data), database, JournalLimits.DEFAULTS, random, thread);
  }

  /** Writes what waits; before the database goes, into which the journal is posted. */
  @Override
  public void close() {
    journal.close();
    audit.close();
    thread.shutdown();
  }
}
