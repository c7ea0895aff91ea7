package io.parley.embedded.search;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.ports.search.SearchEntry;
import io.parley.ports.search.SearchIndex;
import io.parley.ports.search.SearchPage;
import io.parley.ports.search.SearchQuery;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.FieldDoc;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.similarities.Similarity;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/**
 * A {@link SearchIndex} in a directory, ranked by BM25 ({@link SteadySimilarity}).
 *
 * <p>All owners share one index that is sorted by owner, so that a query reads what lies together
 * and skips the rest. A search sees every change that returned before it: it refreshes its view,
 * for a few milliseconds, if something has changed. That is cheap; commits are not, so the caller
 * says when.
 */
public final class LuceneSearchIndex implements SearchIndex {
  /** Kept, since the JDK forgets the level of a logger that nobody holds. */
  private static final Logger LUCENE_LOG = Logger.getLogger("org.apache.lucene");

  static {
    LUCENE_LOG.setLevel(Level.WARNING); // at INFO it praises the processor, beside the server's log
  }

  private static final String CHECKPOINT = "checkpoint";
  private static final double BUFFER_MB = 32;
  private static final Similarity SIMILARITY = new SteadySimilarity();
  private static final Set<String> SHOWN = Set.of(IndexSchema.ID, IndexSchema.GROUP);

  private final Directory directory;
  private final IndexWriter writer;
  private final SearcherManager searchers;
  private final IndexThread thread = new IndexThread();
  private volatile Optional<String> checkpoint;

  /** How many changes were made, and how many of them searches see; set by the thread alone. */
  private final AtomicLong changes = new AtomicLong();

  private final AtomicLong seen = new AtomicLong();

  private LuceneSearchIndex(Directory directory) throws IOException {
    this.directory = directory;
    this.checkpoint = lastCheckpoint(directory);
    IndexWriterConfig config =
        new IndexWriterConfig()
            .setIndexSort(new Sort(new SortField(IndexSchema.OWNER, SortField.Type.STRING)))
            .setSimilarity(SIMILARITY)
            .setRAMBufferSizeMB(BUFFER_MB)
            .setCommitOnClose(false);
    this.writer = new IndexWriter(directory, config);
    this.searchers = new SearcherManager(writer, null);
  }

  /**
   * Opens the index of a directory, or makes an empty one.
   *
   * @throws ParleyException API if it is damaged or used by another process
   */
  public static LuceneSearchIndex open(Path path) {
    try {
      return new LuceneSearchIndex(FSDirectory.open(path));
    } catch (IOException e) {
      throw new ParleyException(
          ErrorCode.API,
          "the search index in %s cannot be used (%s); if it is damaged, remove the directory: it"
                  .formatted(path, e)
              + " is built anew at the next start",
          e);
    }
  }

  private static Optional<String> lastCheckpoint(Directory directory) throws IOException {
    return DirectoryReader.indexExists(directory)
        ? Optional.ofNullable(
            SegmentInfos.readLatestCommit(directory).getUserData().get(CHECKPOINT))
        : Optional.empty();
  }

  @Override
  public void put(List<SearchEntry> entries) {
    change(
        () -> {
          for (SearchEntry entry : entries) {
            Term key = IndexSchema.ofEntry(entry.owner(), entry.id());
            writer.updateDocument(key, IndexSchema.document(entry));
          }
        });
  }

  @Override
  public void remove(String owner, String id) {
    change(() -> writer.deleteDocuments(IndexSchema.ofEntry(owner, id)));
  }

  @Override
  public void removeGroup(String owner, String group) {
    change(() -> writer.deleteDocuments(IndexSchema.ofGroup(owner, group)));
  }

  @Override
  public void removeOwner(String owner) {
    change(() -> writer.deleteDocuments(IndexSchema.ofOwner(owner)));
  }

  @Override
  public SearchPage search(SearchQuery query) {
    if (seen.get() < changes.get()) {
      refresh();
    }
    if (query.wanted().isEmpty()) {
      return new SearchPage(List.of(), Optional.empty());
    }
    try {
      IndexSearcher searcher = searchers.acquire();
      try {
        searcher.setSimilarity(SIMILARITY);
        return search(searcher, query);
      } finally {
        searchers.release(searcher);
      }
    } catch (IOException e) {
      throw new ParleyException(ErrorCode.API, "the search index failed: " + e, e);
    }
  }

  private void refresh() {
    thread.await(
        () -> {
          if (seen.get() < changes.get()) {
            searchers.maybeRefreshBlocking();
            // Not before: a search that sees this must find what it stands for.
            seen.set(changes.get());
          }
          return true;
        });
  }

  /** One hit more than a page tells whether there is another page. */
  private static SearchPage search(IndexSearcher searcher, SearchQuery query) throws IOException {
    int documents = searcher.getIndexReader().maxDoc();
    if (documents == 0) {
      return new SearchPage(List.of(), Optional.empty());
    }
    FieldDoc after = query.cursor().map(c -> PageCursor.parse(c, documents - 1)).orElse(null);
    ScoreDoc[] found =
        searcher.searchAfter(after, IndexQueries.of(query), query.limit() + 1, PageCursor.ORDER)
            .scoreDocs;
    boolean more = found.length > query.limit();
    List<ScoreDoc> page = Arrays.asList(found).subList(0, more ? query.limit() : found.length);
    return new SearchPage(
        shown(searcher.storedFields(), page),
        more ? Optional.of(PageCursor.of((FieldDoc) page.getLast())) : Optional.empty());
  }

  private static List<SearchPage.Hit> shown(StoredFields fields, List<ScoreDoc> page)
      throws IOException {
    List<SearchPage.Hit> hits = new ArrayList<>(page.size());
    for (ScoreDoc hit : page) {
      Document document = fields.document(hit.doc, SHOWN);
      hits.add(new SearchPage.Hit(document.get(IndexSchema.ID), document.get(IndexSchema.GROUP)));
    }
    return hits;
  }

  @Override
  public void commit(String newCheckpoint) {
    thread.await(
        () -> {
          writer.setLiveCommitData(Map.of(CHECKPOINT, newCheckpoint).entrySet());
          checkpoint = Optional.of(newCheckpoint);
          return writer.commit();
        });
  }

  @Override
  public Optional<String> checkpoint() {
    return checkpoint;
  }

  @Override
  public void clear() {
    change(
        () -> {
          writer.deleteAll();
          writer.setLiveCommitData(Map.<String, String>of().entrySet());
          checkpoint = Optional.empty();
          writer.commit();
        });
  }

  private interface Change {
    void make() throws IOException;
  }

  private void change(Change change) {
    thread.await(
        () -> {
          change.make();
          changes.incrementAndGet();
          return true;
        });
  }

  @Override
  public void close() {
    if (thread.isClosed()) {
      return;
    }
    thread.await(
        () -> {
          searchers.close();
          writer.commit();
          writer.close();
          directory.close();
          return true;
        });
    thread.close();
  }
}
