package io.parley.embedded.search;

import io.parley.ports.search.SearchQuery;
import java.time.Instant;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.ConstantScoreQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;

/** Queries in Lucene's terms. */
final class IndexQueries {
  /** A beginning of a word is worth less than any whole word that is not in nearly all entries. */
  private static final float PREFIX_SCORE = 0.1f;

  private IndexQueries() {}

  static Query of(SearchQuery query) {
    BooleanQuery.Builder all = new BooleanQuery.Builder();
    all.add(new TermQuery(IndexSchema.ofOwner(query.owner())), Occur.FILTER);
    query
        .labels()
        .forEach(
            (name, value) ->
                all.add(new TermQuery(IndexSchema.ofLabel(name, value)), Occur.FILTER));
    if (query.from().isPresent() || query.before().isPresent()) {
      long from = query.from().map(Instant::toEpochMilli).orElse(Long.MIN_VALUE);
      long last = query.before().map(Instant::toEpochMilli).orElse(Long.MAX_VALUE) - 1;
      all.add(LongPoint.newRangeQuery(IndexSchema.TIME, from, last), Occur.FILTER);
    }
    query.wanted().forEach(word -> all.add(word(word), Occur.MUST));
    return all.build();
  }

  private static Query word(SearchQuery.Wanted word) {
    Query whole = new TermQuery(new Term(IndexSchema.TERMS, word.term()));
    if (word.prefix().isEmpty()) {
      return whole;
    }
    Query beginning = new TermQuery(new Term(IndexSchema.PREFIXES, word.prefix().get()));
    return new BooleanQuery.Builder()
        .add(whole, Occur.SHOULD)
        .add(new BoostQuery(new ConstantScoreQuery(beginning), PREFIX_SCORE), Occur.SHOULD)
        .build();
  }
}
