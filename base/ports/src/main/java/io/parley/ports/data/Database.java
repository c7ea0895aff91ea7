package io.parley.ports.data;

import org.jdbi.v3.core.HandleCallback;

/**
 * A relational database that takes plain SQL, the same statements on every engine (the common part
 * of SQLite and PostgreSQL). Thread-safe. Calls block: never make them on an event loop.
 *
 * <p>Schema: each service ships numbered Flyway migrations on the class path under {@code
 * db/migration}; they have run before the first call.
 */
public interface Database extends AutoCloseable {
  /**
   * Reads a consistent snapshot: sees every {@link #write} that had returned when this was called.
   */
  <T, X extends Exception> T read(HandleCallback<T, X> work) throws X;

  /**
   * Runs {@code work} in one serializable transaction: all of it happens or, if it throws, nothing.
   * When this returns, the change has been handed to stable storage and survives {@code kill -9}.
   * After a time-out of the engine below the outcome is unknown; writes should therefore be
   * repeatable.
   */
  <T, X extends Exception> T write(HandleCallback<T, X> work) throws X;

  @Override
  void close();
}
