package io.parley.gateway.administration;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * A query for one page of a list. It goes by keys and not by offsets: a page is found by its
 * neighbour's id through an index, however far down it is, and what is added or removed meanwhile
 * neither repeats nor skips the rest. Ids rise with time, so the newest have the greatest.
 *
 * <p>Conditions that do not apply are left out of the statement: PostgreSQL cannot tell the type of
 * a null that is only compared with null.
 */
public final class PageQuery<T> {
  private final String idColumn;
  private final RowMapper<T> mapper;
  private final String select;
  private final List<String> conditions = new ArrayList<>();
  private final Map<String, Object> bindings = new LinkedHashMap<>();

  /**
   * A query without conditions.
   *
   * @param select everything before WHERE
   * @param idColumn unique among the rows, and rising with time
   */
  public PageQuery(String select, String idColumn, RowMapper<T> mapper) {
    this.idColumn = idColumn;
    this.mapper = mapper;
    this.select = select;
  }

  /** Only rows for which this holds too. */
  public PageQuery<T> where(String condition) {
    conditions.add(condition);
    return this;
  }

  /**
   * Only rows for which this holds too.
   *
   * @param condition with {@code :name} in it
   */
  public PageQuery<T> where(String condition, String name, Object value) {
    bindings.put(name, value);
    return where(condition);
  }

  /** The same, if there is a value. */
  public PageQuery<T> whereIf(String condition, String name, Optional<?> value) {
    value.ifPresent(present -> where(condition, name, present));
    return this;
  }

  /** The page. */
  public Page<T> run(Handle handle, PageRequest page) {
    boolean backwards = page.beforeId().isPresent();
    whereIf(idColumn + " < :after", "after", page.afterId());
    whereIf(idColumn + " > :before", "before", page.beforeId());
    // One more than asked for tells whether there is more.
    List<T> found =
        handle
            .createQuery(statement(backwards))
            .bindMap(bindings)
            .bind("limit", page.limit() + 1)
            .map(mapper)
            .list();
    boolean more = found.size() > page.limit();
    List<T> items = more ? found.subList(0, page.limit()) : found;
    return new Page<>(backwards ? items.reversed() : items, more);
  }

  private String statement(boolean backwards) {
    String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    String order = " ORDER BY " + idColumn + (backwards ? "" : " DESC");
    return select + where + order + " LIMIT :limit";
  }
}
