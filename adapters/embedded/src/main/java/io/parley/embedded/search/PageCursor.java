package io.parley.embedded.search;

import io.parley.common.ParleyException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.lucene.search.FieldDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.util.BytesRef;

/**
 * The place of an entry in the order of hits, as text: score, time, id. It says nothing of Lucene's
 * document numbers, so it holds when the index has changed. Scores move only if a word becomes much
 * more common meanwhile; what is left may then be cut short, and the search is to be begun again.
 */
final class PageCursor {
  static final Sort ORDER =
      new Sort(
          SortField.FIELD_SCORE,
          new SortField(IndexSchema.TIME, SortField.Type.LONG, true),
          new SortField(IndexSchema.ID, SortField.Type.STRING));

  private PageCursor() {}

  static String of(FieldDoc hit) {
    int score = Float.floatToIntBits((Float) hit.fields[0]);
    String id = ((BytesRef) hit.fields[2]).utf8ToString();
    String text = "%08x.%d.%s".formatted(score, (Long) hit.fields[1], id);
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * @param lastDocument of the index that is searched, at least 0
   */
  static FieldDoc parse(String cursor, int lastDocument) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
      String[] parts = text.split("\\.", 3);
      float score = Float.intBitsToFloat(Integer.parseUnsignedInt(parts[0], 16));
      Object[] fields = {score, Long.valueOf(parts[1]), new BytesRef(parts[2])};
      return new FieldDoc(lastDocument, score, fields);
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw ParleyException.invalid("cursor: is not one that a search returned");
    }
  }
}
