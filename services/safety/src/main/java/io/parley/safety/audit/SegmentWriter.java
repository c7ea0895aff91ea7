package io.parley.safety.audit;

import io.parley.common.TimeSource;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes the chain into segments: a new one a day, when one is full, after each start and after
 * each failure, so that no key ever encrypts two entries of the same number. Belongs to one thread
 * at a time. Its files are no channels: a thread that is interrupted while it writes would close
 * one of these.
 */
final class SegmentWriter implements AutoCloseable {
  private final Path directory;
  private final AuditKeys keys;
  private final AuditLimits limits;
  private final TimeSource time;
  private final SecureRandom random;
  private final HeadFile head;

  /** After the last entry that was acknowledged. */
  private ChainPoint at;

  /** What the next entry of the open segment is bound to. */
  private ChainPoint tail;

  /** Length of the open segment without what was not acknowledged. */
  private long wholeBytes;

  private @Nullable Open open;

  /** The segment that is being written. */
  private record Open(Segment segment, RandomAccessFile file, SegmentCipher cipher) {}

  private SegmentWriter(
      Path directory,
      AuditKeys keys,
      AuditLimits limits,
      TimeSource time,
      SecureRandom random,
      HeadFile head,
      ChainPoint at) {
    this.directory = directory;
    this.keys = keys;
    this.limits = limits;
    this.time = time;
    this.random = random;
    this.head = head;
    this.at = at;
    this.tail = at;
  }

  /**
   * Goes on where the log of this directory ends; cuts off what a crash left of its last entry.
   *
   * @throws IOException if the end of the log is not what was written
   */
  static SegmentWriter open(
      Path directory, AuditKeys keys, AuditLimits limits, TimeSource time, SecureRandom random)
      throws IOException {
    ChainPoint end = LogEnd.find(directory, keys).repair();
    HeadFile head = HeadFile.open(directory, keys);
    return new SegmentWriter(directory, keys, limits, time, random, head, end);
  }

  /**
   * Writes all of them, or none.
   *
   * @throws IOException if they cannot be written; another attempt may succeed
   */
  void write(List<AuditEntry> entries) throws IOException {
    List<AuditEntry> all = new ArrayList<>();
    List<Path> old = List.of();
    if (isDue()) {
      roll();
      old = retire(all);
    }
    all.addAll(entries);
    try {
      append(all);
    } catch (IOException e) {
      giveUp();
      throw e;
    }
    for (Path file : old) {
      Files.deleteIfExists(file);
    }
  }

  /** Makes a power cut harmless for what is written up to now. */
  void force() throws IOException {
    if (open != null) {
      open.file().getFD().sync();
      head.force();
    }
  }

  private void append(List<AuditEntry> entries) throws IOException {
    Open current = Objects.requireNonNull(open);
    ChainPoint reached = tail;
    List<ByteBuffer> pieces = new ArrayList<>();
    for (AuditEntry entry : entries) {
      byte[] sealed = current.cipher().seal(reached, EntryCodec.encode(entry));
      pieces.add(ByteBuffer.allocate(Integer.BYTES).putInt(sealed.length).flip());
      pieces.add(ByteBuffer.wrap(sealed));
      reached = reached.next(ByteBuffer.wrap(sealed));
    }
    byte[] bytes = joined(pieces);
    current.file().write(bytes);
    head.write(reached);
    wholeBytes += bytes.length;
    at = reached;
    tail = reached;
  }

  private static byte[] joined(List<ByteBuffer> pieces) {
    ByteBuffer all = ByteBuffer.allocate(pieces.stream().mapToInt(ByteBuffer::remaining).sum());
    pieces.forEach(all::put);
    return all.array();
  }

  /**
   * Leaves the segment after a failure, without what may have been written of the failed entries.
   * If even that fails, the next start finds them, whole or torn.
   */
  private void giveUp() throws IOException {
    Open failed = open;
    open = null;
    if (failed != null) {
      try (RandomAccessFile file = failed.file()) {
        file.setLength(wholeBytes);
      }
    }
  }

  private boolean isDue() {
    return open == null
        || wholeBytes >= limits.maxSegmentBytes()
        || day(open.segment().begun()) != day(time.now());
  }

  private static long day(Instant at) {
    return at.atOffset(ZoneOffset.UTC).toLocalDate().toEpochDay();
  }

  /** The header is there as a whole from the moment that the file has its name. */
  private void roll() throws IOException {
    closeSegment();
    byte[] salt = new byte[Segment.SALT_BYTES];
    random.nextBytes(salt);
    Path file = Segment.file(directory, at);
    Segment next = new Segment(file, time.now(), at, keys.newest(), HexFormat.of().formatHex(salt));
    Path unfinished = directory.resolve("new.audit");
    RandomAccessFile written = new RandomAccessFile(unfinished.toFile(), "rw");
    written.setLength(0);
    written.write(bytes(next.header()));
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    open = new Open(next, written, new SegmentCipher(SegmentReader.key(next, keys)));
    tail = next.start();
    wholeBytes = Segment.HEADER_BYTES;
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  /** Segments whose last entry is too old; says so in the log before they go. */
  private List<Path> retire(List<AuditEntry> entries) throws IOException {
    Instant oldest = time.now().minus(limits.retention());
    List<Path> files = Segment.files(directory);
    List<Path> old = new ArrayList<>();
    ChainPoint through = ChainPoint.START;
    for (int i = 0; i + 1 < files.size(); i++) {
      Segment next = LogEnd.header(files.get(i + 1));
      if (next.begun().isAfter(oldest)) {
        break;
      }
      old.add(files.get(i));
      through = next.before();
    }
    if (!old.isEmpty()) {
      entries.add(new AuditEntry.Retired(time.now(), through));
    }
    return old;
  }

  private void closeSegment() throws IOException {
    if (open != null) {
      force();
      open.file().close();
      open = null;
    }
  }

  @Override
  public void close() throws IOException {
    closeSegment();
    head.close();
  }
}
