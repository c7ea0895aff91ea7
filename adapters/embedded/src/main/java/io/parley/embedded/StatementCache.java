package io.parley.embedded;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jdbi.v3.core.statement.DefaultStatementBuilder;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * Keeps the statements of one connection prepared: to compile one takes SQLite longer than to run
 * it. A statement is out while it is used, so the same text inside of itself gets another. The
 * least recently used one is given up for a new one. Belongs to the connection's thread.
 */
final class StatementCache extends DefaultStatementBuilder {
  /** Statements kept; there are fewer texts than that, so this bounds a mistake. */
  static final int MAX_IDLE = 256;

  private final Map<String, PreparedStatement> idle = new LinkedHashMap<>();

  @Override
  public PreparedStatement create(Connection connection, String sql, StatementContext context)
      throws SQLException {
    PreparedStatement kept = idle.remove(sql);
    return kept != null ? kept : super.create(connection, sql, context);
  }

  @Override
  public void close(Connection connection, String sql, Statement statement) throws SQLException {
    if (statement instanceof PreparedStatement prepared && !statement.isClosed()) {
      prepared.clearParameters();
      keep(sql, prepared);
    } else {
      statement.close();
    }
  }

  /** A handle is done; the connection, and what is prepared on it, stay. */
  @Override
  public void close(Connection connection) {}

  private void keep(String sql, PreparedStatement statement) throws SQLException {
    PreparedStatement other = idle.put(sql, statement);
    if (other != null) {
      other.close();
    }
    if (idle.size() > MAX_IDLE) {
      Iterator<PreparedStatement> oldest = idle.values().iterator();
      oldest.next().close();
      oldest.remove();
    }
  }
}
