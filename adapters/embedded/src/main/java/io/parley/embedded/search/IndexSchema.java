package io.parley.embedded.search;

import io.parley.ports.search.SearchEntry;
import java.util.Collection;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.Term;
import org.apache.lucene.util.BytesRef;

/** How an entry stands in Lucene. */
final class IndexSchema {
  /** Whose it is; the index is sorted by it, so that one owner's entries lie together. */
  static final String OWNER = "owner";

  /** Of owner and id: what replaces and removes one entry. */
  static final String KEY = "key";

  /** Of owner and group: what removes a group. */
  static final String GROUP_KEY = "group_key";

  static final String ID = "id";
  static final String GROUP = "group";
  static final String LABEL = "label";
  static final String TIME = "time";
  static final String TERMS = "terms";
  static final String PREFIXES = "prefixes";

  private static final FieldType COUNTED = indexed(IndexOptions.DOCS_AND_FREQS, false);
  private static final FieldType PRESENT = indexed(IndexOptions.DOCS, true);

  private IndexSchema() {}

  private static FieldType indexed(IndexOptions options, boolean omitNorms) {
    FieldType type = new FieldType();
    type.setIndexOptions(options);
    type.setTokenized(true);
    type.setOmitNorms(omitNorms);
    type.freeze();
    return type;
  }

  static Document document(SearchEntry entry) {
    Document document = new Document();
    document.add(new StringField(OWNER, entry.owner(), Field.Store.NO));
    document.add(new SortedDocValuesField(OWNER, new BytesRef(entry.owner())));
    document.add(new StringField(KEY, joined(entry.owner(), entry.id()), Field.Store.NO));
    document.add(new StringField(GROUP_KEY, joined(entry.owner(), entry.group()), Field.Store.NO));
    document.add(new SortedDocValuesField(ID, new BytesRef(entry.id())));
    document.add(new StoredField(ID, entry.id()));
    document.add(new StoredField(GROUP, entry.group()));
    entry.labels().forEach((name, value) -> document.add(label(name, value)));
    document.add(new LongPoint(TIME, entry.time().toEpochMilli()));
    document.add(new NumericDocValuesField(TIME, entry.time().toEpochMilli()));
    document.add(words(TERMS, entry.terms(), COUNTED));
    document.add(words(PREFIXES, entry.prefixes(), PRESENT));
    return document;
  }

  private static Field label(String name, String value) {
    return new StringField(LABEL, joined(name, value), Field.Store.NO);
  }

  private static Field words(String field, Collection<String> words, FieldType type) {
    return new Field(field, new WordStream(words), type);
  }

  static Term ofOwner(String owner) {
    return new Term(OWNER, owner);
  }

  static Term ofEntry(String owner, String id) {
    return new Term(KEY, joined(owner, id));
  }

  static Term ofGroup(String owner, String group) {
    return new Term(GROUP_KEY, joined(owner, group));
  }

  static Term ofLabel(String name, String value) {
    return new Term(LABEL, joined(name, value));
  }

  /** Names have no control characters, so that no two pairs are joined to the same. */
  private static String joined(String one, String other) {
    return one + '\u0000' + other;
  }
}
