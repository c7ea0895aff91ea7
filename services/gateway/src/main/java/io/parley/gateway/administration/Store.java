package io.parley.gateway.administration;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.common.Ulid;
import io.parley.ports.data.Database;
import java.time.Instant;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.Handle;

/**
 * What all of the administration works with. Thread-safe.
 *
 * @param random cryptographically strong: it makes the secrets
 */
record Store(
    Database database,
    TimeSource time,
    Ulid ids,
    RandomGenerator random,
    AdministrationLimits limits) {

  /** The moment, as rows have it: in whole milliseconds. */
  Instant now() {
    return Instant.ofEpochMilli(time.now().toEpochMilli());
  }

  <T> T read(Function<Handle, T> work) {
    return database.read(work::apply);
  }

  <T> T write(Function<Handle, T> work) {
    return database.write(work::apply);
  }

  /** Adds to the record of changes, in the transaction of the change. */
  void record(Handle handle, Administrator by, String action, String subjectId, String detail) {
    ChangeLog.insert(
        handle,
        new Change("chg_" + ids.next(), now(), by.actor(), action, subjectId, detail),
        by.organisationId());
  }

  /**
   * Refuses one more of what there is enough of.
   *
   * @param countSql a query for a number, with {@code :organisation}
   */
  void refuseAbove(Handle handle, String organisationId, String countSql, int most, String what) {
    long count =
        handle.createQuery(countSql).bind("organisation", organisationId).mapTo(Long.class).one();
    if (count >= most) {
      throw conflict("the organisation has " + most + " " + what + ", which is the limit");
    }
  }

  static ParleyException conflict(String message) {
    return new ParleyException(ErrorCode.CONFLICT, message);
  }

  /** What is not there, or belongs to another: nobody can tell which. */
  static ParleyException missing(String field, String what, String id) {
    String shown = id.length() <= 64 ? id : id.substring(0, 64) + "…";
    return new ParleyException(
        ErrorCode.NOT_FOUND, "%s: there is no %s '%s'".formatted(field, what, shown));
  }
}
