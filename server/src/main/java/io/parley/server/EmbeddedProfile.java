package io.parley.server;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.parley.common.TimeSource;
import io.parley.embedded.DirectoryObjectStore;
import io.parley.embedded.InProcessEphemeralStore;
import io.parley.embedded.SqliteDatabase;
import io.parley.embedded.rocks.RocksStores;
import io.parley.embedded.search.LuceneSearchIndex;
import io.parley.gateway.operations.ModelLoad;
import io.parley.model.kernel.ComputePool;
import io.parley.model.kernel.Kernels;
import io.parley.ports.conversation.MessageStore;
import io.parley.ports.data.Database;
import io.parley.ports.ephemeral.EphemeralStore;
import io.parley.ports.log.EventLog;
import io.parley.ports.model.ModelDescriptor;
import io.parley.ports.model.ModelPool;
import io.parley.ports.objects.ObjectStore;
import io.parley.ports.search.SearchIndex;
import io.parley.ports.stream.StreamBuffers;
import io.parley.server.config.ParleyConfig;
import io.parley.serving.AliasTable;
import io.parley.serving.LocalModelPool;
import io.parley.serving.ServedModel;
import io.parley.serving.decoder.ModelLoader;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Everything in this process: SQLite for rows, RocksDB for messages, events and streams, a
 * directory for objects, Lucene to find things, a map for short-lived values, the engine.
 */
final class EmbeddedProfile implements Profile {
  /** Reads of the database at once; each is a platform thread. */
  private static final int DATABASE_READERS = 4;

  /** Keys of the store of short-lived values: organisations times models, and more to come. */
  private static final int EPHEMERAL_ENTRIES = 1_000_000;

  private final SqliteDatabase database;
  private final EphemeralStore ephemeral;
  private final RocksStores stores;
  private final ObjectStore objects;
  private final SearchIndex search;
  private final LocalModelPool models;
  private final ComputePool compute;

  /** Kept here, since meters hold what they measure by weak references. */
  private final List<EngineMetrics> engineMetrics;

  private EmbeddedProfile(
      SqliteDatabase database,
      EphemeralStore ephemeral,
      RocksStores stores,
      ObjectStore objects,
      SearchIndex search,
      LocalModelPool models,
      ComputePool compute) {
    this.database = database;
    this.ephemeral = ephemeral;
    this.stores = stores;
    this.objects = objects;
    this.search = search;
    this.compute = compute;
    this.models = models;
    this.engineMetrics =
        models.models().stream()
            .map(ModelDescriptor::id)
            .map(id -> new EngineMetrics(id, () -> models.gauges(id)))
            .toList();
  }

  /**
   * Opens the database and loads the models, all at the same time.
   *
   * @param random cryptographically strong and thread-safe; seeds generations that have no seed,
   *     and keys the prefix caches
   * @throws io.parley.common.ParleyException if one of them cannot be used; then none is left open
   */
  static EmbeddedProfile open(
      ParleyConfig config,
      ModelCatalogue catalogue,
      DataDirectory data,
      TimeSource time,
      RandomGenerator random) {
    ComputePool compute = compute(config.compute());
    ModelLoader loader =
        new ModelLoader(time, random, compute, Kernels.best(config.compute().nativeCode()));
    StartingTogether together = new StartingTogether();
    Supplier<SqliteDatabase> database =
        together.start(
            () -> SqliteDatabase.open(data.database(), DATABASE_READERS), SqliteDatabase::close);
    Supplier<RocksStores> stores =
        together.start(() -> RocksStores.open(data.stores(), time), RocksStores::close);
    Supplier<LuceneSearchIndex> search =
        together.start(() -> LuceneSearchIndex.open(data.searchIndex()), LuceneSearchIndex::close);
    List<Supplier<ServedModel>> models =
        catalogue.files().entrySet().stream()
            .map(file -> ConfiguredLimits.ofModel(config, file.getKey(), file.getValue()))
            .map(model -> together.start(() -> loader.load(model), EmbeddedProfile::unload))
            .toList();
    try {
      together.await();
    } catch (RuntimeException e) {
      compute.close();
      throw e;
    }
    LocalModelPool pool =
        new LocalModelPool(models.stream().map(Supplier::get).toList(), aliases(catalogue), random);
    EphemeralStore ephemeral = new InProcessEphemeralStore(time, EPHEMERAL_ENTRIES);
    ObjectStore objects = new DirectoryObjectStore(data.objects());
    return new EmbeddedProfile(
        database.get(), ephemeral, stores.get(), objects, search.get(), pool, compute);
  }

  private static ComputePool compute(ParleyConfig.Compute settings) {
    int threads =
        settings.threads() == 0 ? Runtime.getRuntime().availableProcessors() : settings.threads();
    return ComputePool.of(threads, Thread.ofPlatform().name("compute-", 1).daemon().factory());
  }

  private static void unload(ServedModel model) {
    model.loop().close(Duration.ZERO);
  }

  private static AliasTable aliases(ModelCatalogue catalogue) {
    return new AliasTable(
        catalogue.aliases().entrySet().stream()
            .map(alias -> new AliasTable.Alias(alias.getKey(), alias.getValue()))
            .toList());
  }

  @Override
  public Database database() {
    return database;
  }

  @Override
  public EphemeralStore ephemeralStore() {
    return ephemeral;
  }

  @Override
  public MessageStore messageStore() {
    return stores.messageStore();
  }

  @Override
  public EventLog eventLog() {
    return stores.eventLog();
  }

  @Override
  public StreamBuffers streamBuffers() {
    return stores.streamBuffers();
  }

  @Override
  public SearchIndex searchIndex() {
    return search;
  }

  @Override
  public ObjectStore objectStore() {
    return objects;
  }

  @Override
  public ModelPool modelPool() {
    return models;
  }

  @Override
  public List<ModelLoad> modelLoads() {
    return engineMetrics.stream().map(EngineMetrics::load).toList();
  }

  @Override
  public MeterBinder metrics() {
    return meters -> engineMetrics.forEach(engine -> engine.bindTo(meters));
  }

  @Override
  public void close() {
    models.close();
    compute.close();
    search.close();
    stores.close();
    database.close();
  }
}
