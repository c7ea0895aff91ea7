package io.parley.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.ports.search.SearchEntry;
import io.parley.ports.search.SearchIndex;
import io.parley.ports.search.SearchPage;
import io.parley.ports.search.SearchQuery;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link SearchIndex} must do. An adapter's test extends it and says how to open. */
public abstract class SearchIndexContract {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir Path directory;
  private SearchIndex index;

  /** Opens the index of a directory, which is the same one for the same directory. */
  protected abstract SearchIndex open(Path path);

  @BeforeEach
  void openOne() {
    index = open(directory);
  }

  @AfterEach
  void closeIt() {
    index.close();
  }

  @Test
  void anEmptyOneFindsNothingAndHasNoCheckpoint() {
    assertThat(find("ada", "rust")).isEmpty();
    assertThat(index.checkpoint()).isEmpty();
  }

  @Test
  void findsWhatWasPutWhenPutHasReturned() {
    put("ada", "m1", "c1", "rust", "borrow");
    assertThat(find("ada", "rust")).containsExactly("m1");
    assertThat(find("ada", "borrow", "rust")).containsExactly("m1");
    assertThat(find("ada", "rust", "java")).isEmpty();
    put("ada", "m2", "c1", "rust");
    assertThat(find("ada", "rust")).containsExactlyInAnyOrder("m1", "m2");
  }

  @Test
  void findsNothingOfAnotherOwner() {
    put("ada", "m1", "c1", "secret");
    put("bob", "m1", "c1", "secret");
    put("bob", "m2", "c1", "secret");
    assertThat(find("ada", "secret")).containsExactly("m1");
    assertThat(find("a", "secret")).isEmpty();
    index.removeGroup("ada", "c1");
    assertThat(find("ada", "secret")).isEmpty();
    assertThat(find("bob", "secret")).containsExactlyInAnyOrder("m1", "m2");
  }

  @Test
  void aSecondPutReplacesTheFirst() {
    put("ada", "m1", "c1", "rust");
    put("ada", "m1", "c1", "java");
    assertThat(find("ada", "rust")).isEmpty();
    assertThat(find("ada", "java")).containsExactly("m1");
  }

  @Test
  void removesEntriesGroupsAndOwners() {
    put("ada", "m1", "c1", "word");
    put("ada", "m2", "c1", "word");
    put("ada", "m3", "c2", "word");
    put("ada", "m4", "c3", "word");
    put("bob", "m1", "c1", "word");
    index.remove("ada", "m1");
    index.remove("ada", "never there");
    assertThat(find("ada", "word")).containsExactlyInAnyOrder("m2", "m3", "m4");
    index.removeGroup("ada", "c1");
    assertThat(find("ada", "word")).containsExactlyInAnyOrder("m3", "m4");
    index.removeOwner("ada");
    assertThat(find("ada", "word")).isEmpty();
    assertThat(find("bob", "word")).containsExactly("m1");
  }

  @Test
  void aPrefixIsFoundAndRanksBehindTheWord() {
    index.put(
        List.of(
            entry("ada", "m1", "c1", NOON.plusSeconds(9), List.of("rusty"), Set.of("rust")),
            entry("ada", "m2", "c1", NOON, List.of("rust"), Set.of())));
    assertThat(ids(index.search(query("ada", 10, Optional.empty(), "rust")))).containsExactly("m2");
    SearchQuery.Wanted either = new SearchQuery.Wanted("rust", Optional.of("rust"));
    SearchQuery query =
        new SearchQuery(
            "ada",
            List.of(either),
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            10,
            Optional.empty());
    assertThat(ids(index.search(query))).containsExactly("m2", "m1");
  }

  @Test
  void ranksByHowMuchOfItIsTheWordAndThenTheNewestFirst() {
    put("ada", "long", "c1", "rust", "a", "b", "c", "d", "e", "f", "g", "h", "i");
    put("ada", "short", "c1", "rust", "a");
    assertThat(find("ada", "rust")).containsExactly("short", "long");
    index.put(
        List.of(
            entry("bob", "old", "c1", NOON, List.of("x"), Set.of()),
            entry("bob", "new", "c1", NOON.plusSeconds(1), List.of("x"), Set.of()),
            entry("bob", "older", "c1", NOON.minusSeconds(1), List.of("x"), Set.of())));
    assertThat(find("bob", "x")).containsExactly("new", "old", "older");
  }

  @Test
  void filtersByTimeAndLabels() {
    for (int day = 1; day <= 4; day++) {
      Instant time = NOON.plusSeconds(86_400L * day);
      Map<String, String> labels = Map.of("role", day % 2 == 0 ? "user" : "assistant");
      index.put(
          List.of(new SearchEntry("ada", "d" + day, "c", labels, time, List.of("x"), Set.of())));
    }
    assertThat(between(Map.of(), 2, 4)).containsExactly("d3", "d2");
    assertThat(between(Map.of("role", "user"), 1, 5)).containsExactly("d4", "d2");
    assertThat(between(Map.of("role", "user", "model", "m"), 1, 5)).isEmpty();
  }

  private List<String> between(Map<String, String> labels, int firstDay, int endDay) {
    return ids(
        index.search(
            new SearchQuery(
                "ada",
                List.of(new SearchQuery.Wanted("x", Optional.empty())),
                labels,
                Optional.of(NOON.plusSeconds(86_400L * firstDay)),
                Optional.of(NOON.plusSeconds(86_400L * endDay)),
                10,
                Optional.empty())));
  }

  @Test
  void pagesGoThroughAllOnceAlsoWhenOthersWriteMeanwhile() {
    for (int i = 0; i < 25; i++) {
      put("ada", "m%02d".formatted(i), "c", "x");
    }
    List<String> seen = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    do {
      SearchPage page = index.search(query("ada", 10, cursor, "x"));
      seen.addAll(ids(page));
      cursor = page.next();
      put("bob", "m" + seen.size(), "c", "y");
    } while (cursor.isPresent());
    assertThat(seen).hasSize(25).doesNotHaveDuplicates();
  }

  @Test
  void refusesACursorThatItNeverGave() {
    put("ada", "m1", "c1", "x");
    assertThatExceptionOfType(ParleyException.class)
        .isThrownBy(() -> index.search(query("ada", 10, Optional.of("?"), "x")))
        .matches(e -> e.code() == ErrorCode.INVALID_REQUEST);
  }

  @Test
  void hasEverythingAfterACommitAndAnOpeningAgain() {
    put("ada", "m1", "c1", "x");
    index.commit("42");
    index.close();
    index = open(directory);
    assertThat(index.checkpoint()).hasValue("42");
    assertThat(find("ada", "x")).containsExactly("m1");
    index.clear();
    assertThat(index.checkpoint()).isEmpty();
    assertThat(find("ada", "x")).isEmpty();
    index.close();
    index = open(directory);
    assertThat(index.checkpoint()).isEmpty();
    assertThat(find("ada", "x")).isEmpty();
  }

  @Test
  void refusesWhatIsOutsideOfTheLimits() {
    String longest = "k".repeat(SearchIndex.MAX_ID_CHARS);
    put(longest, longest, longest, "x");
    assertThat(find(longest, "x")).containsExactly(longest);
    assertThatIllegalArgumentException().isThrownBy(() -> put(longest + "k", "m", "c", "x"));
    assertThatIllegalArgumentException().isThrownBy(() -> put("ada", "", "c", "x"));
    assertThatIllegalArgumentException().isThrownBy(() -> put("ada", "m", "c\u0000d", "x"));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> put("ada", "m", "c", Collections.nCopies(20_001, "x").toArray(String[]::new)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> query("ada", SearchIndex.MAX_PAGE + 1, Optional.empty(), "x"));
  }

  @Test
  void losesNothingOfManyWriters() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        String id = "m" + i;
        all.add(
            threads.submit(
                () -> {
                  put("ada", id, "c", "x");
                  assertThat(index.search(query("ada", 100, Optional.empty(), "x")).hits())
                      .contains(new SearchPage.Hit(id, "c"));
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertThat(index.search(query("ada", 100, Optional.empty(), "x")).hits()).hasSize(100);
  }

  private void put(String owner, String id, String group, String... terms) {
    index.put(List.of(entry(owner, id, group, NOON, List.of(terms), Set.of())));
  }

  private static SearchEntry entry(
      String owner,
      String id,
      String group,
      Instant time,
      List<String> terms,
      Set<String> prefixes) {
    return new SearchEntry(owner, id, group, Map.of(), time, terms, prefixes);
  }

  private List<String> find(String owner, String... terms) {
    return ids(index.search(query(owner, 10, Optional.empty(), terms)));
  }

  private static SearchQuery query(
      String owner, int limit, Optional<String> cursor, String... terms) {
    List<SearchQuery.Wanted> wanted = new ArrayList<>();
    for (String term : terms) {
      wanted.add(new SearchQuery.Wanted(term, Optional.empty()));
    }
    return new SearchQuery(
        owner, wanted, Map.of(), Optional.empty(), Optional.empty(), limit, cursor);
  }

  private static List<String> ids(SearchPage page) {
    return page.hits().stream().map(SearchPage.Hit::id).toList();
  }
}
