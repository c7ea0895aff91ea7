package io.parley.embedded.search;

import io.parley.ports.search.SearchIndex;
import io.parley.testkit.SearchIndexContract;
import java.nio.file.Path;

class LuceneSearchIndexTest extends SearchIndexContract {
  @Override
  protected SearchIndex open(Path path) {
    return LuceneSearchIndex.open(path);
  }
}
