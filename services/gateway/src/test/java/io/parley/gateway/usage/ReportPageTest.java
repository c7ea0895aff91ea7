package io.parley.gateway.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportPageTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:34:56Z");

  private static ReportPage page(
      BucketWidth width, String from, Optional<String> to, int limit, Optional<String> page) {
    return ReportPage.of(
        width, Instant.parse(from), to.map(Instant::parse), Optional.of(limit), page, NOW);
  }

  @Test
  void timesAreCutToWholeBuckets() {
    ReportPage page =
        page(
            BucketWidth.DAY,
            "2026-11-01T10:00:00Z",
            Optional.of("2026-11-03T23:00:00Z"),
            7,
            Optional.empty());
    assertThat(page.buckets())
        .containsExactly(
            Instant.parse("2026-11-01T00:00:00Z"), Instant.parse("2026-11-02T00:00:00Z"));
    assertThat(page.next()).isEmpty();
  }

  @Test
  void withoutAnEndTheBucketThatIsUnderWayIsTheLast() {
    ReportPage page =
        page(BucketWidth.HOUR, "2026-11-22T11:00:00Z", Optional.empty(), 24, Optional.empty());
    assertThat(page.buckets()).last().isEqualTo(Instant.parse("2026-11-22T12:00:00Z"));
    assertThat(
            page(BucketWidth.DAY, "2027-01-01T00:00:00Z", Optional.empty(), 7, Optional.empty())
                .buckets())
        .isEmpty();
  }

  @Test
  void pagesFollowEachOtherWithoutGapOrOverlap() {
    List<Instant> buckets = new ArrayList<>();
    Optional<String> next = Optional.empty();
    do {
      ReportPage page =
          page(
              BucketWidth.MINUTE,
              "2026-11-22T11:00:00Z",
              Optional.of("2026-11-22T11:10:00Z"),
              3,
              next);
      buckets.addAll(page.buckets());
      next = page.next();
    } while (next.isPresent());
    assertThat(buckets).hasSize(10).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void whatMakesNoSenseIsNamed() {
    String from = "2026-11-01T00:00:00Z";
    assertThatThrownBy(() -> page(BucketWidth.DAY, from, Optional.empty(), 32, Optional.empty()))
        .hasMessageContaining("limit: must be an integer from 1 to 31 for buckets of 1d");
    assertThatThrownBy(() -> page(BucketWidth.DAY, from, Optional.of(from), 7, Optional.empty()))
        .hasMessageContaining("ending_at: must be after starting_at");
    for (String page :
        List.of("2", "page_", "page_bm9wZQ==", "page_MjAyNS0wNS0xNFQwMDowMDowMFo=")) {
      assertThatThrownBy(() -> page(BucketWidth.DAY, from, Optional.empty(), 7, Optional.of(page)))
          .hasMessageContaining("page: must be the next_page of the same report");
    }
  }
}
