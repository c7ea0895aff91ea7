package io.parley.concurrent.cache;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The file of a {@link DurableLruCache}: records, one behind the other, that are appended to and
 * now and then replaced as a whole.
 *
 * <p><b>Format</b>, numbers big-endian: eight bytes {@code PARLEYL1}, then records of {@code int
 * length, int ~length, int CRC-32C of the body, body}. A body is {@code byte type, long id} and,
 * for a put, {@code long expiresAtMs, int keyLength, key, value}.
 *
 * <p><b>Invariants</b>
 *
 * <ol>
 *   <li>What {@link #append} was given is in the file, whole, when it returns: handed to the
 *       operating system, which keeps it when the process dies, though not when the power goes.
 *   <li>A process that dies while it appends leaves a beginning of what it wrote, nothing else. So
 *       a file ends in whole records and maybe one that is cut off: the torn tail.
 *   <li>{@link #replace} puts the new file in the place of the old one in one step: at every moment
 *       there is one whole file under the name.
 * </ol>
 *
 * <p><b>The hazards.</b> <em>A torn tail taken for damage, or damage for a torn tail</em>: with one
 * checksum, a flipped bit in a length makes a record reach beyond the end, which looks cut off, and
 * all behind it is dropped in silence. The second copy of the length tells them apart.
 * <em>Interrupts</em>: a {@code FileChannel} is closed for everybody when a thread in it is
 * interrupted; {@link RandomAccessFile} is not. <em>Two processes on one file</em>: the cache takes
 * a lock on a file beside it.
 *
 * <p>Not thread-safe: its cache calls it under its lock.
 *
 * <p>Source: write-ahead logging, as in Gray and Reuter, "Transaction Processing" (1992), 9–10;
 * records as in LevelDB's log format, with a length that is checked by itself.
 */
final class CacheLog implements AutoCloseable {
  /** What {@link #replay} finds, in order. */
  interface Reader {
    void put(long id, long expiresAtMs, byte[] key, byte[] value);

    void touch(long id);

    void remove(long id);
  }

  /**
   * How a file ended.
   *
   * @param tornBytes of a record that was cut off; 0 if the file ended with a whole one
   * @param damaged whether something before the end was not what had been written
   */
  record Ending(long tornBytes, boolean damaged) {}

  private static final byte[] MAGIC = {'P', 'A', 'R', 'L', 'E', 'Y', 'L', '1'};
  private static final int RECORD_HEADER = 3 * Integer.BYTES;
  private static final int SMALL_BODY = 1 + Long.BYTES;
  private static final int PUT_BODY = SMALL_BODY + Long.BYTES + Integer.BYTES;
  private static final byte PUT = 1;
  private static final byte TOUCH = 2;
  private static final byte REMOVE = 3;

  /** Bytes of a file without records. */
  static final int HEADER_BYTES = MAGIC.length;

  /** Bytes of a touch or a removal. */
  static final int SMALL_RECORD_BYTES = RECORD_HEADER + SMALL_BODY;

  private final Path path;
  private final Path replacement;
  private RandomAccessFile file;
  private long bytes;

  private CacheLog(Path path, Path replacement, RandomAccessFile file, long bytes) {
    this.path = path;
    this.replacement = replacement;
    this.file = file;
    this.bytes = bytes;
  }

  /** Bytes of a put with a key and a value of these lengths. */
  static long putRecordBytes(int keyBytes, int valueBytes) {
    return (long) RECORD_HEADER + PUT_BODY + keyBytes + valueBytes;
  }

  /**
   * Reads a file from its beginning to its end, its torn tail or the first damage.
   *
   * @throws IOException if it cannot be read; not if what it says is wrong
   */
  static Ending replay(Path path, Reader reader) throws IOException {
    if (!Files.exists(path)) {
      return new Ending(0, false);
    }
    long left = Files.size(path);
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(path), 1 << 16))) {
      if (left < HEADER_BYTES) {
        return new Ending(left, false);
      }
      if (!Arrays.equals(in.readNBytes(HEADER_BYTES), MAGIC)) {
        return new Ending(0, true);
      }
      left -= HEADER_BYTES;
      while (left > 0) {
        if (left < RECORD_HEADER) {
          return new Ending(left, false);
        }
        int length = in.readInt();
        int complement = in.readInt();
        int crc = in.readInt();
        if (length != ~complement || length < SMALL_BODY) {
          return new Ending(0, true);
        }
        if (length > left - RECORD_HEADER) {
          return new Ending(left, false);
        }
        byte[] body = in.readNBytes(length);
        if (crc(body, 0, length) != crc || !tell(reader, ByteBuffer.wrap(body))) {
          return new Ending(0, true);
        }
        left -= RECORD_HEADER + length;
      }
      return new Ending(0, false);
    }
  }

  private static boolean tell(Reader reader, ByteBuffer body) {
    byte type = body.get();
    long id = body.getLong();
    switch (type) {
      case PUT -> {
        long expiresAtMs = body.getLong();
        byte[] key = new byte[body.getInt()];
        body.get(key);
        byte[] value = new byte[body.remaining()];
        body.get(value);
        reader.put(id, expiresAtMs, key, value);
      }
      case TOUCH -> reader.touch(id);
      case REMOVE -> reader.remove(id);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static int crc(byte[] array, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(array, offset, length);
    return (int) crc.getValue();
  }

  /** A file with these records in the place of whatever was there. */
  static CacheLog create(Path path, Iterable<Batch> records) throws IOException {
    Path replacement = path.resolveSibling(path.getFileName() + ".new");
    CacheLog log = new CacheLog(path, replacement, fresh(replacement), HEADER_BYTES);
    try {
      log.fillAndMove(records);
      return log;
    } catch (IOException | RuntimeException e) {
      log.close();
      throw e;
    }
  }

  private static RandomAccessFile fresh(Path replacement) throws IOException {
    RandomAccessFile file = new RandomAccessFile(replacement.toFile(), "rw");
    file.setLength(0);
    file.write(MAGIC);
    return file;
  }

  /** Puts these records in the place of all that are there, in one step. */
  void replace(Iterable<Batch> records) throws IOException {
    RandomAccessFile old = file;
    file = fresh(replacement);
    bytes = HEADER_BYTES;
    old.close();
    fillAndMove(records);
  }

  private void fillAndMove(Iterable<Batch> records) throws IOException {
    for (Batch batch : records) {
      append(batch);
    }
    Files.move(
        replacement, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Writes records at the end, in one write. */
  void append(Batch batch) throws IOException {
    file.write(batch.buffer, 0, batch.length);
    bytes += batch.length;
  }

  /** The length of the file. */
  long bytes() {
    return bytes;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** Records that are written together. */
  static final class Batch {
    private byte[] buffer = new byte[64];
    private int length;

    int length() {
      return length;
    }

    Batch put(long id, long expiresAtMs, byte[] key, byte[] value) {
      ByteBuffer body = begin(PUT_BODY + key.length + value.length, PUT, id);
      body.putLong(expiresAtMs).putInt(key.length).put(key).put(value);
      return end(body);
    }

    Batch touch(long id) {
      return end(begin(SMALL_BODY, TOUCH, id));
    }

    Batch remove(long id) {
      return end(begin(SMALL_BODY, REMOVE, id));
    }

    private ByteBuffer begin(int bodyLength, byte type, long id) {
      int needed = Math.addExact(length, RECORD_HEADER + bodyLength);
      if (needed > buffer.length) {
        buffer = Arrays.copyOf(buffer, Math.max(needed, buffer.length * 2));
      }
      ByteBuffer record = ByteBuffer.wrap(buffer, length, RECORD_HEADER + bodyLength);
      record.putInt(bodyLength).putInt(~bodyLength).putInt(0);
      return record.put(type).putLong(id);
    }

    private Batch end(ByteBuffer record) {
      int bodyAt = length + RECORD_HEADER;
      record.putInt(bodyAt - Integer.BYTES, crc(buffer, bodyAt, record.position() - bodyAt));
      length = record.position();
      return this;
    }
  }
}
