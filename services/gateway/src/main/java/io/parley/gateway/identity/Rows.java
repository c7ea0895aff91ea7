package io.parley.gateway.identity;

import io.parley.gateway.Scope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** How values stand in rows. */
public final class Rows {
  private Rows() {}

  /** A column of milliseconds since 1970 that is never null. */
  public static Instant time(ResultSet row, String column) throws SQLException {
    return Instant.ofEpochMilli(row.getLong(column));
  }

  /** A column of milliseconds since 1970; empty where it is null. */
  public static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }

  /** Scopes as a row has them: their names in the order of the enum, with a blank between. */
  public static String column(Set<Scope> scopes) {
    return scopes.stream().sorted().map(Scope::wireName).collect(Collectors.joining(" "));
  }

  /** The scopes of a row. One that a newer version wrote and this one does not know is left out. */
  public static Set<Scope> scopes(String column) {
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    for (String name : column.split(" ", -1)) {
      Scope.of(name).ifPresent(scopes::add);
    }
    return scopes;
  }
}
