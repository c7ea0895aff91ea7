package io.parley.ports.search;

import java.util.List;
import java.util.Optional;

/**
 * Full-text search over entries of many owners, each of whom finds their own. Thread-safe. Methods
 * may block, and must not be called on an event loop.
 *
 * <p><b>Identity.</b> An entry is known by owner and id; {@link #put} replaces the one that is
 * there. So a feed may be repeated from any earlier point, which makes duplicates harmless.
 *
 * <p><b>Order.</b> Of changes by one caller the later one counts. Changes to one entry by several
 * callers at once leave one of them, and not a mixture.
 *
 * <p><b>Freshness.</b> A search that begins after a change returned sees it, removals included,
 * unless the adapter says otherwise, and then within a second.
 *
 * <p><b>Durability.</b> What was changed since the last {@link #commit} may be lost in a crash; the
 * {@link #checkpoint} then tells where the feed has to begin again. An index may also be empty.
 *
 * <p><b>Time-outs.</b> After TIMEOUT a change may have happened or not; repeat it.
 *
 * <p>It is made so that one user's entries can stand in one shard: every method but {@link
 * #commit}, {@link #checkpoint} and {@link #clear} names an owner, by which a cluster routes.
 */
public interface SearchIndex extends AutoCloseable {
  /** Characters of an owner, an id or a group, at most. */
  int MAX_ID_CHARS = 128;

  /** Terms of an entry, at most. */
  int MAX_TERMS = 20_000;

  /** Entries of a page, at most. */
  int MAX_PAGE = 100;

  /** Adds entries or replaces those that are there. */
  void put(List<SearchEntry> entries);

  /** Removes an entry; nothing happens if there is none. */
  void remove(String owner, String id);

  /** Removes all entries of a group. */
  void removeGroup(String owner, String group);

  /** Removes all entries of an owner. */
  void removeOwner(String owner);

  /**
   * A page of what an owner finds.
   *
   * @throws io.parley.common.ParleyException INVALID_REQUEST if the cursor is none of this index
   */
  SearchPage search(SearchQuery query);

  /**
   * Makes all changes that have returned survive a crash.
   *
   * @param checkpoint how far the feed had come before; up to its owner
   */
  void commit(String checkpoint);

  /** That of the last commit; empty if there was none: then the index is to be built anew. */
  Optional<String> checkpoint();

  /** Removes everything, the checkpoint too. */
  void clear();

  /** Commits with the last checkpoint, and gives everything back. */
  @Override
  void close();

  /** Refuses what cannot be a name in any adapter. */
  static void checkName(String name) {
    boolean valid =
        !name.isEmpty()
            && name.length() <= MAX_ID_CHARS
            && name.chars().noneMatch(Character::isISOControl);
    if (!valid) {
      throw new IllegalArgumentException(
          "a name has 1 to %d characters, none of them a control character: '%s'"
              .formatted(MAX_ID_CHARS, name));
    }
  }
}
