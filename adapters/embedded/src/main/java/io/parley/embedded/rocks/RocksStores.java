package io.parley.embedded.rocks;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.ports.conversation.MessageStore;
import io.parley.ports.log.EventLog;
import io.parley.ports.stream.StreamBuffers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * One RocksDB in a directory, with a column family for each kind of thing. Thread-safe.
 *
 * <p>What is acknowledged survives {@code kill -9}, and, but for the last second of stream buffers,
 * a power cut. After {@link #close} calls fail.
 */
public final class RocksStores implements AutoCloseable {
  /** Memory for writes that are not in files yet, of all families, in bytes. */
  private static final long WRITE_BUFFER_BYTES = 32L << 20;

  /** The write-ahead log is cut back when it is longer than this, in bytes. */
  private static final long MAX_LOG_BYTES = 64L << 20;

  private static final int OPEN_FILES = 256;
  private static final int READERS = 4;

  private final ColumnFamilyOptions familyOptions;
  private final DBOptions options;
  private final RocksDB db;
  private final List<ColumnFamilyHandle> handles;
  private final RocksReads reads;
  private final RocksWrites writes;
  private final RocksMessageStore messages;
  private final RocksEventLog events;
  private final RocksStreamBuffers streams;

  private enum Family {
    MESSAGES,
    EVENTS,
    EVENTS_BY_KEY,
    POSITIONS,
    STREAMS,
    STREAM_ENDS
  }

  private RocksStores(
      ColumnFamilyOptions familyOptions,
      DBOptions options,
      RocksDB db,
      List<ColumnFamilyHandle> handles,
      TimeSource time) {
    this.familyOptions = familyOptions;
    this.options = options;
    this.db = db;
    this.handles = List.copyOf(handles);
    Map<Family, ColumnFamilyHandle> families = byFamily(handles);
    this.reads = new RocksReads(db, READERS);
    this.writes = new RocksWrites(db);
    this.messages = new RocksMessageStore(reads, writes, family(families, Family.MESSAGES));
    this.events =
        new RocksEventLog(
            reads,
            writes,
            new RocksEventLog.Families(
                family(families, Family.EVENTS),
                family(families, Family.EVENTS_BY_KEY),
                family(families, Family.POSITIONS)),
            time);
    this.streams =
        new RocksStreamBuffers(
            reads,
            writes,
            family(families, Family.STREAMS),
            family(families, Family.STREAM_ENDS),
            time,
            RocksStreamBuffers.DEFAULT_MAX_BYTES);
  }

  /**
   * Opens a store, and makes it if it is not there.
   *
   * @throws ParleyException API if it cannot be used
   */
  public static RocksStores open(Path directory, TimeSource time) {
    ColumnFamilyOptions familyOptions = new ColumnFamilyOptions().setWriteBufferSize(8L << 20);
    DBOptions options =
        new DBOptions()
            .setCreateIfMissing(true)
            .setCreateMissingColumnFamilies(true)
            .setMaxOpenFiles(OPEN_FILES)
            .setMaxTotalWalSize(MAX_LOG_BYTES)
            .setKeepLogFileNum(2)
            .setStatsDumpPeriodSec(0);
    options.setDbWriteBufferSize(WRITE_BUFFER_BYTES);
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    try {
      Files.createDirectories(directory);
      RocksDB db = RocksDB.open(options, directory.toString(), descriptors(familyOptions), handles);
      return new RocksStores(familyOptions, options, db, handles, time);
    } catch (RocksDBException | IOException e) {
      options.close();
      familyOptions.close();
      throw new ParleyException(
          ErrorCode.API, "the store " + directory + " cannot be used: " + e.getMessage(), e);
    }
  }

  private static List<ColumnFamilyDescriptor> descriptors(ColumnFamilyOptions options) {
    Stream<byte[]> named =
        Stream.of(Family.values())
            .map(family -> family.name().toLowerCase(java.util.Locale.ROOT))
            .map(name -> name.getBytes(StandardCharsets.US_ASCII));
    return Stream.concat(Stream.of(RocksDB.DEFAULT_COLUMN_FAMILY), named)
        .map(name -> new ColumnFamilyDescriptor(name, options))
        .toList();
  }

  /** The default family comes first, and holds nothing. */
  private static Map<Family, ColumnFamilyHandle> byFamily(List<ColumnFamilyHandle> handles) {
    Map<Family, ColumnFamilyHandle> found = new EnumMap<>(Family.class);
    Iterator<ColumnFamilyHandle> next = handles.iterator();
    next.next();
    for (Family family : Family.values()) {
      found.put(family, next.next());
    }
    return found;
  }

  private static ColumnFamilyHandle family(
      Map<Family, ColumnFamilyHandle> families, Family family) {
    return Objects.requireNonNull(families.get(family));
  }

  public MessageStore messageStore() {
    return messages;
  }

  public EventLog eventLog() {
    return events;
  }

  public StreamBuffers streamBuffers() {
    return streams;
  }

  /** Does what waits to be done, then closes. */
  @Override
  public void close() {
    writes.close();
    reads.close();
    handles.forEach(ColumnFamilyHandle::close);
    db.close();
    options.close();
    familyOptions.close();
  }
}
